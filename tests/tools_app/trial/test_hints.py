"""What staff are told to do about usual failures: of real ones, over real sockets."""

import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import trustme

from tests.servers.ports import free_port
from tools_app.trial.hints import hint_for


class Unfriendly(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        self.send_error(int(self.path[1:]))

    def log_message(self, *_: object) -> None: ...


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """An HTTP server on loopback; gives its host and port."""
    server = HTTPServer(("127.0.0.1", 0), Unfriendly)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def failure(url: str, timeout: float = 5) -> Exception:
    """What a tool would catch, and raise as its own."""
    with pytest.raises(RuntimeError) as caught:
        try:
            urllib.request.urlopen(url, timeout=timeout)  # noqa: S310
        except Exception as error:
            raise RuntimeError("the vendor's library failed") from error
    return caught.value


@pytest.mark.parametrize(
    ("status", "hint"),
    [(401, "secrets"), (403, "secrets"), (404, "address"), (429, "Too many")],
)
def test_status_of_a_vendors_error_says_what_to_check(status: int, hint: str) -> None:
    with serving() as host:
        assert hint in hint_for(failure(f"http://{host}/{status}"))


def test_nothing_listening_is_said() -> None:
    assert "Nothing listens" in hint_for(failure(f"http://127.0.0.1:{free_port()}/"))


def test_unknown_host_is_said() -> None:
    assert "DNS" in hint_for(failure("http://no-such-host.invalid/"))


def test_certificate_that_nobody_trusts_is_said() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with serving(tls) as host:
        assert "certificate" in hint_for(failure(f"https://{host}/404"))


def test_server_without_tls_is_said() -> None:
    with serving() as host:
        assert "https://" in hint_for(failure(f"https://{host}/404"))


def test_silence_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert "in time" in hint_for(failure(url, timeout=0.2))


def test_unknown_failures_get_no_invented_hint() -> None:
    assert hint_for(RuntimeError("what?")) == ""
