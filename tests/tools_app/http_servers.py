"""Servers on this machine that answer, or fail, as servers of the internet do."""

import socket
import ssl
import time
from collections.abc import Iterator

import pytest
import trustme
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response


@pytest.fixture(scope="session")
def http_server() -> Iterator[HTTPServer]:
    """Stops slowly, so that one serves all tests."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def endpoint(http_server: HTTPServer, settings: Settings) -> HTTPServer:
    """A server on this machine that tools were allowed to reach."""
    http_server.clear()
    settings.TOOLS_MAY_REACH = [("127.0.0.1", http_server.port)]
    return http_server


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that only those who are told trust."""
    return trustme.CA()


@pytest.fixture(scope="session")
def tls_server(authority: trustme.CA) -> Iterator[HTTPServer]:
    """Speaks TLS as `api.example.test`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.example.test").configure_cert(context)
    with HTTPServer(host="127.0.0.1", ssl_context=context, threaded=True) as server:
        yield server


@pytest.fixture
def secure_endpoint(tls_server: HTTPServer, settings: Settings) -> HTTPServer:
    """A server with TLS that tools were allowed to reach."""
    tls_server.clear()
    settings.TOOLS_MAY_REACH = [("127.0.0.1", tls_server.port)]
    return tls_server


def answering(
    server: HTTPServer,
    path: str = "/",
    *,
    status: int = 200,
    body: str | bytes = "{}",
    content_type: str = "application/json",
    **headers: str,
) -> str:
    """The URL of a path that answers this."""
    server.expect_request(path).respond_with_data(
        body,
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        content_type=content_type,
    )
    return server.url_for(path)


def dripping(server: HTTPServer) -> str:
    """The URL of an answer that comes a byte at a time, for ten seconds."""

    def drops() -> Iterator[bytes]:
        for _ in range(200):
            yield b" "
            time.sleep(0.05)

    def drip(_request: Request) -> Response:
        return Response(drops(), content_type="application/json")

    server.expect_request("/drip").respond_with_handler(drip)
    return server.url_for("/drip")


def failing_at_first(server: HTTPServer, *, times: int) -> str:
    """The URL of an answer that fails so many times, then is well."""
    for _ in range(times):
        server.expect_ordered_request("/").respond_with_data("busy", status=503)
    server.expect_ordered_request("/").respond_with_json({"well": True})
    return server.url_for("/")


def closed_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
