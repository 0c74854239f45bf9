"""What a stranger's schema cannot make us do."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

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
    # Python's own engine would not come back.
    assert complaints(schema, {"code": "a" * 40 + "!"})


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({"exclusiveMinimum": 3}, 3, "This is too low: use more than 3."),
        ({"exclusiveMaximum": 3}, 3, "This is too high: use less than 3."),
        ({"multipleOf": 15}, 20, "This must be a multiple of 15."),
        ({"uniqueItems": True}, [1, 1], "Give each only once."),
        ({"minItems": 2}, [1], "Give 2 or more."),
        ({"const": "yes"}, "no", "Choose one of yes."),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            [],
            "This fits none of the forms that the tool takes.",
        ),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"b": 1},
            "This names what the tool does not know. It knows a.",
        ),
        ({"not": {"type": "string"}}, "no", "The tool does not take this."),
    ],
)
def test_complaint_says_what_to_do(
    schema: dict[str, Any], value: object, words: str
) -> None:
    assert complaints(schema, value) == [words]
