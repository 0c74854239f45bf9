"""Placing a call."""

import asyncio
import contextlib
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from telephony_app.sip import sdp
from telephony_app.sip.address import SipUri
from telephony_app.sip.audio import Audio
from telephony_app.sip.dialog import Dialog
from telephony_app.sip.endpoint import Endpoint, companion, new_branch
from telephony_app.sip.invitation import Credentials, authorized, invitation
from telephony_app.sip.leg import Leg, Side
from telephony_app.sip.message import Response

RING_SECONDS = 60.0
# How long a bridge may take to say that it works on the call.
PROGRESS_SECONDS = 2.0
REFUSED = 300


class NotAnswered(Exception):
    """The call was refused, or nobody was reached. `status` is SIP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"The call was not answered: {status} {reason}")
        self.status = status


class SipCall(Leg):
    """A call to a SIP address: placed on entry, ended on exit.

    The address may name a transport and headers (`sip:a@b;transport=tcp?X-Id=1`), as
    Twilio's `<Sip>` does. `caller` is who calls, `host` our own address where the
    machine has several. On entry raises OSError when the host is not known.
    """

    side = Side.CALLER

    def __init__(
        self,
        uri: str,
        *,
        user: str = "",
        password: str = "",
        caller: str = "caller",
        headers: Mapping[str, str] | None = None,
        host: str = "",
    ) -> None:
        super().__init__()
        self.uri = SipUri.parse(uri)
        self.caller = caller
        self.headers = self.uri.headers | dict(headers or {})
        self._credentials = Credentials(user, password) if password else None
        self._host = host
        self._is_cancelled = False
        self.provisional: list[int] = []
        self.final_status: int | None = None
        self.reason = ""

    async def __aenter__(self) -> Self:
        self._peer = await self.uri.socket_address()
        self._endpoint = await Endpoint.to(self.uri, self._peer, host=self._host)
        self._endpoint.on_request = self.take
        self._endpoint.on_late_response = self._confirm_again
        self.audio = await Audio.open(self._endpoint.wire.local[0])
        self._invite = invitation(
            self._endpoint,
            self.uri,
            caller=self.caller,
            told=self.headers,
            sound=self.audio.local,
        )
        self.begin()
        self._placing = self._keep(self._place())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self.hang_up()
        finally:
            self.close()
            self._endpoint.close()

    async def rings(self, *, seconds: float = RING_SECONDS) -> None:
        """Wait until it rings there; raises NotAnswered or TimeoutError."""
        await self._until(
            lambda: bool(self.ringing_at or self._is_decided), "180", seconds
        )
        if self.ringing_at is None:
            raise NotAnswered(self.final_status or 0, self.reason)

    async def answered(self, *, seconds: float = RING_SECONDS) -> None:
        """Wait until somebody picks up; raises NotAnswered or TimeoutError."""
        await self._until(lambda: self._is_decided, "an answer", seconds)
        if self.answered_at is None:
            raise NotAnswered(self.final_status or 0, self.reason)

    async def hang_up(self) -> None:
        """End the call, or let it ring no more."""
        if not self._is_decided:
            await self._cancel()
        await super().hang_up()

    @property
    def _is_decided(self) -> bool:
        return self.final_status is not None

    async def _place(self) -> None:
        try:
            await self._conclude(await self._ask_in())
        except TimeoutError:
            self._fail(408, "Request Timeout")
        except sdp.NoCommonSound as error:
            await super().hang_up()
            self._fail(488, str(error))
        except (OSError, ValueError) as error:
            self._fail(400, str(error))

    async def _ask_in(self) -> Response:
        """The final answer to the INVITE, sent again with the password when asked."""
        answer = await self._send_invite()
        if self._credentials and answer.status in (401, 407):
            self._refused(answer)
            branch = self._endpoint.via(new_branch())
            self._invite = authorized(self._invite, answer, self._credentials, branch)
            answer = await self._send_invite()
        return answer

    async def _send_invite(self) -> Response:
        return await self._endpoint.ask(
            self._invite, self._peer, on_progress=self._on_progress
        )

    def _on_progress(self, response: Response) -> None:
        self.provisional.append(response.status)
        if response.status in (180, 183) and self.ringing_at is None:
            self.ringing_at = self.now
        self.audio.changes.tell()

    async def _conclude(self, answer: Response) -> None:
        if answer.status >= REFUSED:
            self._refused(answer)
            self._fail(answer.status, answer.reason)
            return
        dialog = Dialog.of_caller(self._invite, answer)
        via = self._endpoint.via(new_branch())
        self._ack = dialog.request("ACK", via, number=dialog.number)
        self._ack_to = await dialog.next_hop().socket_address()
        self._dialog = dialog
        self._endpoint.send(self._ack, self._ack_to)
        self.audio.connect(sdp.parse(answer.body))
        self.answered_at = self.now
        self.final_status, self.reason = answer.status, answer.reason
        self.audio.changes.tell()

    def _refused(self, answer: Response) -> None:
        ack = companion(self._invite, "ACK", to=answer.headers["To"])
        self._endpoint.send(ack, self._peer)

    def _confirm_again(self, response: Response) -> None:
        """Our ACK was lost: the other side repeats that it picked up."""
        if self._dialog and response.method == "INVITE":
            self._endpoint.send(self._ack, self._ack_to)

    def _fail(self, status: int, reason: str) -> None:
        self.final_status, self.reason = status, reason
        self._end(self.side if self._is_cancelled else self.side.other)

    async def _cancel(self) -> None:
        self._is_cancelled = True
        with contextlib.suppress(TimeoutError, OSError):
            # RFC 3261, 9.1: not before the other side showed that it works on it.
            began = lambda: bool(self.provisional or self._is_decided)  # noqa: E731
            await self._until(began, "progress", PROGRESS_SECONDS)
            cancel = companion(self._invite, "CANCEL")
            await self._endpoint.ask(cancel, self._peer)
            await asyncio.wait([self._placing], timeout=PROGRESS_SECONDS)
        if not self._is_decided:
            self._placing.cancel()
            self._fail(487, "Request Terminated")
