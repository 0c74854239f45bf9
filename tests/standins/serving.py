"""What every stand-in is: an HTTP server in a thread, that remembers and can fail."""

import functools
import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server

Endpoint = Callable[..., Response]


class Refusal(Exception):
    """An answer that is not a success."""

    def __init__(self, response: Response) -> None:
        self.response = response


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    body: str
    headers: dict[str, str]


@dataclass
class Fault:
    """What happens to the next requests: `after` loses the answer of one that was
    carried out."""

    response: Response | None = None
    seconds: float = 0
    after: bool = False
    path: str = ""
    method: str = ""
    times: int = 1

    def is_for(self, request: Request) -> bool:
        """Whether it is meant for this request."""
        right_method = self.method in ("", request.method)
        return self.times > 0 and self.path in request.path and right_method


@dataclass
class StandIn:
    """A server on a loopback port, while used as a context."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        rules = [Rule(p, methods=[m], endpoint=e) for m, p, e in self.routes()]
        self._rules = Map(rules)

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """Method, path and function of each endpoint."""
        return []

    def refused(self, error: HTTPException) -> Response:
        """The answer to what is no endpoint, in the service's own form."""
        return error.get_response()  # type: ignore[return-value]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def fail(self, response: Response | None = None, **how: Any) -> None:
        """Let the next request fail, or those that `how` (see `Fault`) says."""
        self.faults.append(Fault(response, **how))

    def __enter__(self) -> Self:
        self._server = make_server(
            "127.0.0.1", self.port, self._application, True, request_handler=_Silent
        )
        self.port = self._server.port
        # Stopping waits for one look at whether to stop.
        serve = functools.partial(self._server.serve_forever, poll_interval=0.02)
        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _application(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        asked = Asked(
            request.method,
            request.full_path.rstrip("?"),
            request.get_data(as_text=True),
            dict(request.headers),
        )
        self.asked.append(asked)
        fault = next((f for f in self.faults if f.is_for(request)), None)
        if fault is None:
            return self._routed(request)
        fault.times -= 1
        carried_out = self._routed(request) if fault.after else None
        time.sleep(fault.seconds)
        return fault.response or carried_out or self._routed(request)

    def _routed(self, request: Request) -> Response:
        try:
            endpoint, found = self._rules.bind_to_environ(request.environ).match()
            with self.lock:
                return endpoint(request, **found)  # type: ignore[no-any-return, operator]
        except Refusal as refusal:
            return refusal.response
        except HTTPException as error:
            return self.refused(error)


class _Silent(WSGIRequestHandler):
    """Says nothing of each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: object) -> None:
        """Nothing."""


def as_json(body: object, status: int = 200, **headers: str) -> Response:
    """An answer in JSON."""
    text = json.dumps(body, indent=1)
    return Response(text, status, headers, content_type="application/json")
