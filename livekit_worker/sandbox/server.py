"""The sandbox model as a server: Gemini Live's WebSocket on this machine."""

import re
import ssl
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from livekit_worker.sandbox.connection import INVALID, WRONG_KEY, converse
from livekit_worker.sandbox.sessions import Sessions

REFUSED_KEY = "sandbox-wrong-key"
_PATH = re.compile(
    r"^/+ws/google\.ai\.generativelanguage\.v1(?:alpha|beta)?"
    r"\.GenerativeService\.BidiGenerateContent$"
)
_KEY_HEADER = "x-goog-api-key"
_LARGEST_MESSAGE = 16 * 1024 * 1024


class Sandbox:
    """Answers every connection; remembers the sessions of all of them."""

    def __init__(self, *, in_real_time: bool = True) -> None:
        """`in_real_time` false: tests need not wait for speech to be played."""
        self._sessions = Sessions()
        self._in_real_time = in_real_time

    async def listen(self, *, host: str, port: int, tls: ssl.SSLContext) -> Server:
        """Begin to serve; port 0 takes a free one. Raises OSError on a busy port."""
        return await serve(
            self._connected,
            host,
            port,
            ssl=tls,
            process_request=_check,
            compression=None,
            max_size=_LARGEST_MESSAGE,
        )

    async def _connected(self, socket: ServerConnection) -> None:
        try:
            if _key(socket.request) == REFUSED_KEY:
                # Google accepts the socket, then closes it like this.
                await socket.recv()
                await socket.close(INVALID, WRONG_KEY)
                return
            await converse(
                socket, sessions=self._sessions, in_real_time=self._in_real_time
            )
        except ConnectionClosed:
            return


def _key(request: Request | None) -> str:
    return request.headers.get(_KEY_HEADER, "") if request else ""


def _check(socket: ServerConnection, request: Request) -> Response | None:
    """Refuse what is no model call; answer `/healthz`."""
    path = request.path.partition("?")[0]
    if path == "/healthz":
        return socket.respond(HTTPStatus.OK, "ok\n")
    if not _PATH.match(path):
        return socket.respond(HTTPStatus.NOT_FOUND, "No such method.\n")
    if not _key(request):
        return socket.respond(HTTPStatus.FORBIDDEN, f"Send {_KEY_HEADER}.\n")
    return None
