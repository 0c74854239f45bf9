"""The network under every request of a tool: it connects to checked addresses only.

The check is of the address that is connected to, after DNS: a name that is asked
twice and answers differently, a decimal or hexadecimal form of an address, or an
IPv4 address inside an IPv6 one gains nothing. TLS still sees the host's name.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import cache
from socket import SOCK_STREAM
from ssl import SSLContext
from typing import Any

import anyio
import httpcore2
import httpx2

from tools_app.http_failures import private_address, too_large, unknown_host
from tools_app.network.reachable import may_reach
from tools_app.network.sent_requests import note

Resolve = Callable[[str, int], Awaitable[list[str]]]
EVENTS = "text/event-stream"


async def addresses(host: str, port: int) -> list[str]:
    """What the system's resolver says, best first."""
    found = await anyio.getaddrinfo(host, port, type=SOCK_STREAM)
    return list(dict.fromkeys(place[0] for *_, place in found))


@cache
def trusted() -> SSLContext:
    """Trust in what the system trusts; made once, for it takes tens of milliseconds.
    The variables SSL_CERT_FILE and SSL_CERT_DIR name another trust."""
    return httpx2.create_ssl_context()


class GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Opens TCP connections; raises `HttpFailure` where tools may not go."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  The base class has it.
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first of the host's addresses that answers."""
        try:
            with anyio.fail_after(timeout):
                return await self._connected(host, port, timeout)
        except TimeoutError:
            raise httpcore2.ConnectTimeout from None

    async def sleep(self, seconds: float) -> None:
        """Between attempts of httpcore's, which we do not ask for."""
        await self._network.sleep(seconds)

    async def _connected(
        self, host: str, port: int, seconds: float | None
    ) -> httpcore2.AsyncNetworkStream:
        allowed = await self._allowed(host, port)
        share = seconds / len(allowed) if seconds else None
        for address in allowed[:-1]:
            try:
                return await self._network.connect_tcp(address, port, share)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._network.connect_tcp(allowed[-1], port, share)

    async def _allowed(self, host: str, port: int) -> list[str]:
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError):
            raise unknown_host(host) from None
        if not (allowed := [a for a in found if may_reach(a, host, port)]):
            raise private_address(host, port)
        return allowed


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """HTTP over the guarded network; an answer ends with `HttpFailure` at `most` bytes.

    With `events`, a stream of events may be endless: each is limited where it is read.
    """

    def __init__(
        self, *, resolve: Resolve, tls: SSLContext, most: int, events: bool = False
    ) -> None:
        super().__init__(verify=tls)
        self._most = most
        self._events = events
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls, network_backend=GuardedNetwork(resolve), max_connections=20
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, its body still to be read."""
        sent = note(request)
        response = await super().handle_async_request(request)
        if sent:
            sent.status = response.status_code
        kind = response.headers.get("content-type", "")
        if not (self._events and kind.startswith(EVENTS)):
            body = response.stream
            assert isinstance(body, httpx2.AsyncByteStream)  # noqa: S101
            response.stream = _Limited(body, request, self._most)
        return response


class _Limited(httpx2.AsyncByteStream):
    """A body that is not read further than it may be long."""

    def __init__(
        self, body: httpx2.AsyncByteStream, request: httpx2.Request, most: int
    ) -> None:
        self._body = body
        self._request = request
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        async for chunk in self._body:
            count += len(chunk)
            if count > self._most:
                raise too_large(self._request, self._most)
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()
