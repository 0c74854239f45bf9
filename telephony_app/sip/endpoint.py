"""SIP transactions: each request is sent until it is answered, and answered once.

RFC 3261, section 17. Over TCP and TLS nothing is repeated.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable
from typing import Self

from telephony_app.sip.address import SipUri
from telephony_app.sip.datagrams import Address
from telephony_app.sip.message import Headers, NotSip, Request, Response, parse
from telephony_app.sip.wire import Wire, open_datagrams, open_wire

logger = logging.getLogger(__name__)
T1_SECONDS, T2_SECONDS = 0.5, 4.0
GIVE_UP_SECONDS = 64 * T1_SECONDS
Key = tuple[str, str]


def new_branch() -> str:
    """A name for a transaction, with the mark of RFC 3261."""
    return f"z9hG4bK{secrets.token_hex(8)}"


class Endpoint:
    """One SIP address of ours. Unasked-for messages go to the two handlers."""

    wire: Wire

    def __init__(self) -> None:
        self.on_request: Callable[[Request, Address], None] = _ignore
        self.on_late_response: Callable[[Response], None] = _ignore
        self._asked: dict[Key, asyncio.Queue[Response]] = {}
        self._answered: dict[Key, Response | None] = {}

    @classmethod
    async def to(cls, uri: SipUri, address: Address, *, host: str = "") -> Self:
        """One that reaches `uri`, which is at this address; raises OSError."""
        endpoint = cls()
        endpoint.wire = await open_wire(uri, endpoint._received, to=address, host=host)
        return endpoint

    @classmethod
    async def at(cls, address: Address) -> Self:
        """One that listens here for datagrams; raises OSError."""
        endpoint = cls()
        endpoint.wire = await open_datagrams(endpoint._received, address)
        return endpoint

    def via(self, branch: str) -> str:
        """How answers find us."""
        host, port = self.wire.local
        return f"SIP/2.0/{self.wire.name} {host}:{port};branch={branch};rport"

    def contact(self, user: str) -> str:
        """Where requests of the other side find us."""
        host, port = self.wire.local
        name = self.wire.name.lower()
        transport = "" if name == "udp" else f";transport={name}"
        return f"<sip:{user}@{host}:{port}{transport}>"

    async def ask(
        self,
        request: Request,
        to: Address,
        *,
        on_progress: Callable[[Response], None] | None = None,
    ) -> Response:
        """Send a request until it is answered; its final answer.

        Raises TimeoutError when nobody answers. An INVITE may ring for as long as the
        other side lets it: each sign of progress goes to `on_progress`.
        """
        key = request.branch, request.method
        answers = self._asked[key] = asyncio.Queue()
        repeating = asyncio.create_task(self._repeat(request, to))
        try:
            answer = await asyncio.wait_for(answers.get(), GIVE_UP_SECONDS)
            while not answer.is_final:
                if request.method == "INVITE":
                    repeating.cancel()
                if on_progress:
                    on_progress(answer)
                answer = await answers.get()
            return answer
        finally:
            repeating.cancel()
            del self._asked[key]

    def send(self, message: Request | Response, to: Address) -> None:
        """Send one message, once."""
        self.wire.send(bytes(message), to)

    def answer(self, request: Request, response: Response, to: Address) -> None:
        """Answer a request; the same answer goes to every repetition of it."""
        self._answered[request.branch, request.method] = response
        self.send(response, to)

    def close(self) -> None:
        """Be reached no more."""
        self.wire.close()

    async def _repeat(self, request: Request, to: Address) -> None:
        self.send(request, to)
        pause = T1_SECONDS
        while self.wire.name == "UDP":
            await asyncio.sleep(pause)
            self.send(request, to)
            is_invite = request.method == "INVITE"
            pause = 2 * pause if is_invite else min(2 * pause, T2_SECONDS)

    def _received(self, data: bytes, source: Address) -> None:
        if not data.strip():
            return
        with contextlib.suppress(NotSip, ValueError):
            message = parse(data)
            if isinstance(message, Request):
                self._take_request(message, source)
            else:
                self._take_response(message)

    def _take_request(self, request: Request, source: Address) -> None:
        key = request.branch, request.method
        if request.method == "ACK":
            self.on_request(request, source)
        elif key not in self._answered:
            self._answered[key] = None
            self.on_request(request, source)
        elif before := self._answered[key]:
            self.send(before, source)

    def _take_response(self, response: Response) -> None:
        waiting = self._asked.get((response.branch, response.method))
        if waiting:
            waiting.put_nowait(response)
        else:
            self.on_late_response(response)


def companion(invite: Request, method: str, *, to: str = "") -> Request:
    """A request of an INVITE's own transaction: the CANCEL of one that rings, the ACK
    of one that was refused (which goes `to` whoever refused)."""
    number = invite.headers["CSeq"].split()[0]
    headers = Headers(
        [
            ("Via", invite.headers["Via"]),
            ("Max-Forwards", "70"),
            ("From", invite.headers["From"]),
            ("To", to or invite.headers["To"]),
            ("Call-ID", invite.headers["Call-ID"]),
            ("CSeq", f"{number} {method}"),
        ]
    )
    return Request(uri=invite.uri, headers=headers)


def _ignore(*_: object) -> None:
    """Nobody listens yet."""
