"""A telephone that waits for calls."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from telephony_app.sip import digest
from telephony_app.sip.audio import Audio
from telephony_app.sip.changes import Changes
from telephony_app.sip.datagrams import Address
from telephony_app.sip.endpoint import Endpoint
from telephony_app.sip.message import Request, Response
from telephony_app.sip.phone_call import Manner, PhoneCall

REALM = "telephone"
SECONDS = 20.0


class SipPhone:
    """Takes calls over UDP while it is entered; `manner` says how, and may be changed
    between calls. Port 0 is any free one; on entry raises OSError for one in use."""

    def __init__(
        self, manner: Manner | None = None, *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.manner = manner or Manner()
        self._local = host, port
        self.calls: list[PhoneCall] = []
        self._by_id: dict[str, PhoneCall] = {}
        self._challenges: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """`host:port`, as a trunk names it."""
        host, port = self._endpoint.wire.local
        return f"{host}:{port}"

    def uri(self, user: str = "phone") -> str:
        """Where it is called."""
        return f"sip:{user}@{self.address}"

    async def __aenter__(self) -> Self:
        self._changes = Changes()
        self._endpoint = await Endpoint.at(self._local)
        self._endpoint.on_request = self._take
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for call in self.calls:
            await call.hang_up()
            call.close()
        for task in self._tasks:
            task.cancel()
        self._endpoint.close()

    async def called(self, *, times: int = 1, seconds: float = SECONDS) -> PhoneCall:
        """Wait until it was called so often; the last call. Raises TimeoutError."""
        enough = lambda: len(self.calls) >= times  # noqa: E731
        if not await self._changes.until(enough, seconds=seconds):
            raise TimeoutError(f"Nobody called within {seconds:g} s.")
        return self.calls[times - 1]

    def _take(self, request: Request, source: Address) -> None:
        call = self._by_id.get(request.headers["Call-ID"])
        if call:
            call.take(request, source)
        elif request.method == "INVITE":
            self._invited(request, source)
        elif request.method != "ACK":
            status = (200, "OK") if request.method == "OPTIONS" else (481, "No Call")
            response = Response.to(request, *status)
            self._endpoint.answer(request, response, source)

    def _invited(self, invite: Request, source: Address) -> None:
        if self.manner.password and not self._is_allowed(invite):
            self._challenge(invite, source)
        else:
            self._keep(self._ring(invite, source))

    def _is_allowed(self, invite: Request) -> bool:
        asked = self._challenges.get(invite.headers["Call-ID"])
        answered = invite.headers["Authorization"]
        return bool(asked and answered) and digest.is_right(
            answered,
            asked=asked or "",
            method="INVITE",
            user=self.manner.user,
            password=self.manner.password,
        )

    def _challenge(self, invite: Request, source: Address) -> None:
        asked = digest.challenge(REALM)
        self._challenges[invite.headers["Call-ID"]] = asked
        response = Response.to(invite, 401, "Unauthorized")
        response.headers.add("WWW-Authenticate", asked)
        self._endpoint.answer(invite, response, source)

    async def _ring(self, invite: Request, source: Address) -> None:
        audio = await Audio.open(self._endpoint.wire.local[0])
        call = PhoneCall(self._endpoint, audio, invite, source, self.manner)
        self._by_id[invite.headers["Call-ID"]] = call
        self.calls.append(call)
        self._changes.tell()
        await call.run()

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
