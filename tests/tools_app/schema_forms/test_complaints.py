"""What a stranger's schema cannot make us do."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tools_app.schema_forms.complaints import UNUSABLE, complaints


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """A server with a schema; its address first, then what was asked of it."""
    log: list[str] = []

    class Schemas(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  the library's name
            log.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Schemas) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        log.append(f"http://127.0.0.1:{server.server_port}/schema.json")
        yield log
        server.shutdown()


def test_reference_to_another_document_is_not_fetched(asked: list[str]) -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": asked[0]}}}
    assert complaints(schema, {"a": 1}) == [UNUSABLE]
    assert len(asked) == 1


def test_recursive_schema_is_checked_all_the_same() -> None:
    schema = {"type": "object", "properties": {"child": {"$ref": "#"}}}
    assert complaints(schema, {"child": {"child": {}}}) == []
    assert complaints(schema, {"child": 3}) == [
        "At child: This must be an object, in braces."
    ]


def test_pattern_of_a_stranger_does_not_hold_up_the_page() -> None:
    schema = {"properties": {"code": {"pattern": "^([a-z0-9]+)+$"}}}
    begin = time.perf_counter()
    assert complaints(schema, {"code": "a" * 40 + "!"})
    assert time.perf_counter() - begin < 0.5
