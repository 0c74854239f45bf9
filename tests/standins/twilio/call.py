"""A call to one of Twilio's numbers, as Twilio has it: asks what to do, does it, tells
how it went. Twilio stands between the caller's line and each line that `<Dial>` makes.
"""

import asyncio
import math
import secrets
import time
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any

import requests

from telephony_app.sip import SipCall
from tests.standins.twilio.verbs import Over, follow
from tests.standins.twilio.webhooks import stamp

if TYPE_CHECKING:
    from tests.standins.twilio.voice import TwilioVoice

# Twilio looks up where a caller is, and often finds nothing.
UNKNOWN_PLACE = {
    f"{who}{what}": "" for who in ("From", "To") for what in ("City", "Zip")
}
GOING_ON = ("queued", "ringing", "in-progress")


class TwilioCall:
    """The caller's own leg. `told` is what Twilio spoke, `rung` whom it called, `leg`
    its newest call to somebody, `said` what the caller spoke (8000 samples a second).
    """

    def __init__(self, twilio: "TwilioVoice", caller: str, number: str) -> None:
        self.sid = f"CA{secrets.token_hex(16)}"
        self.twilio = twilio
        self.caller, self.number = caller, number
        self.status = "queued"
        self.told: list[dict[str, str]] = []
        self.rung: list[str] = []
        self.leg: SipCall | None = None
        self.said = b""
        self._answered_at: float | None = None
        self._next: str | None = None
        self._doing: asyncio.Task[str | None] | None = None
        self._life: asyncio.Task[None] | None = None
        self._told_off: set[asyncio.Task[None]] = set()
        self.leaving: set[asyncio.Task[None]] = set()

    @property
    def is_over(self) -> bool:
        """Whether the caller's line is closed."""
        return self.status not in GOING_ON

    def answer(self) -> None:
        """Twilio picks up; from now on the caller pays."""
        if self.status == "ringing":
            self.status, self._answered_at = "in-progress", time.monotonic()

    @property
    def seconds(self) -> int:
        """What the caller pays for."""
        if self._answered_at is None:
            return 0
        return math.ceil(time.monotonic() - self._answered_at)

    async def begin(self) -> None:
        """The number is dialled."""
        self.status = "ringing"
        self._life = asyncio.create_task(self._live())

    async def over(self) -> None:
        """Wait until the call is over, and all of it was told."""
        if self._life:
            await asyncio.wait([self._life])

    def redirect(self, document: str) -> None:
        """Do this from now on."""
        self._next = document
        self._interrupt()

    def end(self, status: str = "") -> None:
        """The caller hangs up, or rings no more; or the REST API ends the call."""
        if not self.is_over:
            was_answered = self.status == "in-progress"
            self.status = status or ("completed" if was_answered else "no-answer")
            self._interrupt()

    async def ask(self, url: str, form: Mapping[str, str] | None = None) -> str:
        """What a webhook says is to be done; without an answer, what the number's
        fallback says. Raises when that has none either."""
        try:
            return await self._send(url, form or {})
        except requests.RequestException:
            error = {"ErrorCode": "11200", "ErrorUrl": url}
            return await self._send(self._url("voice_fallback_url"), error)

    def tell(self, url: str, form: Mapping[str, str]) -> None:
        """Report meanwhile; nobody waits for the answer."""
        stamped = {"Timestamp": stamp()} | dict(form)
        self._keep(self._report(url, stamped))

    def leave(self, leg: SipCall) -> None:
        """Hang up on somebody; nobody waits until that is confirmed."""
        leaving = leg.__aexit__(None, None, None)
        self.leaving.add(asyncio.create_task(leaving))

    async def _live(self) -> None:
        try:
            document: str | None = await self.ask(self._url("voice_url"))
            while document is not None and not self.is_over:
                document = await self._follow(document)
        except requests.RequestException:
            # Twilio's own voice says that an application error has occurred.
            self.status = "failed"
        if not self.is_over:
            self.status = "completed"
        report = {"CallDuration": str(self.seconds), "SequenceNumber": "0"}
        self.tell(self._url("status_callback"), report)
        await asyncio.gather(*self._told_off, return_exceptions=True)

    async def _follow(self, document: str) -> str | None:
        self._doing = asyncio.create_task(follow(self, document))
        try:
            return await self._doing
        except Over:
            return None
        except asyncio.CancelledError:
            document, self._next = self._next, None
            return document

    def _url(self, name: str) -> str:
        return str(self.twilio.number(self.number)[name])

    def _interrupt(self) -> None:
        if self._doing:
            self._doing.cancel()

    async def _report(self, url: str, form: Mapping[str, str]) -> None:
        await self._send(url, form)

    async def _send(self, url: str, form: Mapping[str, str]) -> str:
        """Send it with what every webhook of the call tells."""
        known = UNKNOWN_PLACE | {
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Direction": "inbound",
            "From": self.caller,
            "Caller": self.caller,
            "To": self.number,
            "Called": self.number,
        }
        return await asyncio.to_thread(
            self.twilio.webhooks.send, url, known | dict(form)
        )

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        self._told_off.add(asyncio.create_task(work))
