"""A call that came in, as the called side holds it."""

import asyncio
import contextlib
from dataclasses import dataclass

from telephony_app.sip.audio import Audio
from telephony_app.sip.datagrams import Address
from telephony_app.sip.dialog import Dialog, new_tag
from telephony_app.sip.endpoint import GIVE_UP_SECONDS, T1_SECONDS, Endpoint
from telephony_app.sip.leg import Leg, Side
from telephony_app.sip.message import Request, Response

REASONS = {200: "OK", 480: "Temporarily Unavailable", 486: "Busy Here", 603: "Decline"}


@dataclass(frozen=True)
class Manner:
    """What a telephone does when it is called.

    It rings this long, then answers with `status`: 200 picks up, 486 is busy, 603
    declines, None rings until the caller gives up. Who is picked up hears `greeting`
    (8000 samples a second). With a password the caller has to know it.
    """

    ring_seconds: float = 0.2
    status: int | None = 200
    greeting: bytes = b""
    user: str = ""
    password: str = ""


class PhoneCall(Leg):
    """A call that came in. `invite` is the request, with every header of it."""

    side = Side.CALLEE

    def __init__(
        self,
        endpoint: Endpoint,
        audio: Audio,
        invite: Request,
        source: Address,
        manner: Manner,
    ) -> None:
        super().__init__()
        self._endpoint, self.audio = endpoint, audio
        self.invite = invite
        self._source = source
        self._manner = manner
        self._tag = new_tag()
        self._is_confirmed = False
        self.begin()

    async def run(self) -> None:
        """Ring, then do what the manner says."""
        self.ringing_at = self.now
        self._respond(180, "Ringing")
        await asyncio.sleep(self._manner.ring_seconds)
        if self.ended_at is not None or self._manner.status is None:
            return
        if self._manner.status == 200:
            await self._pick_up()
        else:
            self._respond(self._manner.status, REASONS.get(self._manner.status, "No"))
            self._end(self.side)

    async def hang_up(self) -> None:
        """End the call, or refuse one that rings."""
        if self.answered_at is None and self.ended_at is None:
            self._respond(603, REASONS[603])
            self._end(self.side)
        await super().hang_up()

    def take(self, request: Request, source: Address) -> None:
        """Answer a request of the caller's."""
        if request.method == "ACK":
            self._is_confirmed = True
        elif request.method == "CANCEL":
            self._endpoint.answer(request, Response.to(request, 200, "OK"), source)
            if self.answered_at is None and self.ended_at is None:
                self._respond(487, "Request Terminated")
                self._end(self.side.other)
        else:
            super().take(request, source)

    async def _pick_up(self) -> None:
        answer = self._response(200, "OK")
        self._agree(self.invite, answer)
        self._dialog = Dialog.of_callee(self.invite, answer)
        self.answered_at = self.now
        self._endpoint.answer(self.invite, answer, self._source)
        self._keep(self._repeat(answer))
        self.audio.changes.tell()
        if self._manner.greeting:
            await self.say(self._manner.greeting)

    async def _repeat(self, answer: Response) -> None:
        """Say that we picked up until the caller confirms it: RFC 3261, 13.3.1.4."""
        pause = T1_SECONDS
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GIVE_UP_SECONDS):
                while True:
                    await asyncio.sleep(pause)
                    if self._is_confirmed or self.ended_at is not None:
                        return
                    self._endpoint.send(answer, self._source)
                    pause *= 2

    def _respond(self, status: int, reason: str) -> None:
        response = self._response(status, reason)
        self._endpoint.answer(self.invite, response, self._source)

    def _response(self, status: int, reason: str) -> Response:
        response = Response.to(self.invite, status, reason, tag=self._tag)
        response.headers.add("Contact", self._endpoint.contact("phone"))
        return response
