"""One side's end of a call: what it answers, what it asks, how it ends."""

import asyncio
import contextlib
import enum
from collections.abc import Coroutine, Mapping
from types import MappingProxyType
from typing import Any

from telephony_app.sip import sdp
from telephony_app.sip.conversation import Conversation
from telephony_app.sip.datagrams import Address
from telephony_app.sip.dialog import Dialog
from telephony_app.sip.endpoint import Endpoint, new_branch
from telephony_app.sip.message import Request, Response

TAKEN = {
    "BYE": (200, "OK"),
    "INFO": (200, "OK"),
    "INVITE": (200, "OK"),
    "NOTIFY": (200, "OK"),
    "OPTIONS": (200, "OK"),
    "REFER": (202, "Accepted"),
    "UPDATE": (200, "OK"),
}
# The other side may be gone already.
GOODBYE_SECONDS = 2.0
ALLOWED = ", ".join(["ACK", "CANCEL", *TAKEN])


class Side(enum.StrEnum):
    """The two sides of a call."""

    CALLER = "caller"
    CALLEE = "callee"

    @property
    def other(self) -> "Side":
        """Whom this side speaks with."""
        return Side.CALLEE if self == Side.CALLER else Side.CALLER


class Leg(Conversation):
    """A call as one side holds it."""

    side: Side
    _endpoint: Endpoint
    _dialog: Dialog | None = None

    def __init__(self) -> None:
        super().__init__()
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended_by: Side | None = None
        self.requests: list[Request] = []
        # What becomes of a transfer that the other side asks for; empty if nobody says.
        self.transfer_ends = "200 OK"

    @property
    def referred_to(self) -> str:
        """Where the other side asked to transfer the call; empty when it did not."""
        asked = [r.headers["Refer-To"] for r in self.requests if r.method == "REFER"]
        return asked[-1] if asked else ""

    async def hang_up(self) -> None:
        """End the call; one that is over already is fine."""
        if self._dialog and self.ended_at is None:
            self._end(self.side)
            with contextlib.suppress(TimeoutError, OSError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await self.ask("BYE")

    async def ask(
        self,
        method: str,
        told: Mapping[str, str] = MappingProxyType({}),
        body: bytes = b"",
    ) -> Response:
        """Ask something of the other side within the call; its answer.

        Raises TimeoutError without one, and ValueError before the call is answered.
        """
        if self._dialog is None:
            raise ValueError("Nobody has picked up yet.")
        request = self._dialog.request(method, self._endpoint.via(new_branch()))
        request.headers.add("Contact", self._endpoint.contact(self.side))
        for name, value in told.items():
            request.headers.add(name, value)
        request.body = body
        to = await self._dialog.next_hop().socket_address()
        return await self._endpoint.ask(request, to)

    def take(self, request: Request, source: Address) -> None:
        """Answer a request of the other side within the call."""
        if request.method == "ACK":
            return
        self.requests.append(request)
        status, reason = TAKEN.get(request.method, (501, "Not Implemented"))
        response = Response.to(request, status, reason)
        response.headers.add("Allow", ALLOWED)
        if request.method in ("INVITE", "UPDATE"):
            self._agree(request, response)
        self._endpoint.answer(request, response, source)
        if request.method == "BYE":
            self._end(self.side.other)
        elif request.method == "REFER" and self._dialog:
            self._keep(self._report_transfer())

    def _agree(self, request: Request, response: Response) -> None:
        """Take the sound where the request wants it, and say where ours is."""
        if request.body:
            self.audio.answer(sdp.parse(request.body))
        response.headers.add("Contact", self._endpoint.contact(self.side))
        response.headers.add("Content-Type", sdp.MIME)
        response.body = bytes(self.audio.local)

    async def _report_transfer(self) -> None:
        """Say how the transfer goes, as RFC 3515 wants it."""
        for state, line in (
            ("active;expires=60", "100 Trying"),
            ("terminated;reason=noresource", self.transfer_ends),
        ):
            if not line:
                return
            told = {"Event": "refer", "Subscription-State": state}
            told["Content-Type"] = "message/sipfrag"
            with contextlib.suppress(TimeoutError, OSError):
                await self.ask("NOTIFY", told, f"SIP/2.0 {line}\r\n".encode())

    def _end(self, by: Side) -> None:
        if self.ended_at is None:
            self.ended_at, self.ended_by = self.now, by
            self.audio.close()

    def close(self) -> None:
        """Leave nothing running."""
        for task in self._tasks:
            task.cancel()
        self.audio.close()

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
