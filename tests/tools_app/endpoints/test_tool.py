"""An endpoint as a tool, asked over a real socket."""

import logging
import traceback
from typing import Any

import pytest
from pydantic import ValidationError
from pytest_httpserver import HTTPServer
from werkzeug import Request

from tests.tools_app.http_servers import answering, dripping
from tools_app.endpoints.definition import HttpDefinition
from tools_app.endpoints.tool import EMPTY, NOTHING_PICKED, HttpTool, make
from tools_app.errors import ToolError

SECRET = "sesame-open-1234"
CONTEXT: Any = None
PARAMETERS = {
    "type": "object",
    "properties": {
        "order_id": {"type": "string"},
        "lines": {"type": "integer", "default": 5},
        "tags": {"type": "array", "items": {"type": "string"}},
        "note": {"type": "string"},
    },
    "required": ["order_id"],
}


def order_tool(server: HTTPServer, **changes: Any) -> HttpTool:
    """A tool that asks the server for an order."""
    definition = {
        "function": "find_order",
        "description": "Find an order.",
        "url": server.url_for("/orders/{order_id}"),
        "query": {"lines": "{lines}", "tag": "{tags}", "fixed": "yes"},
        "headers": {"X-Note": "{note}"},
        "parameters": PARAMETERS,
        "timeout_seconds": 3,
        **changes,
    }
    secrets = {secret["name"]: SECRET for secret in definition.get("secrets", ())}
    return HttpTool(HttpDefinition.model_validate(definition), secrets)


async def ask(tool: HttpTool, **arguments: Any) -> Any:
    """The result of one call."""
    try:
        arguments = tool.validated("find_order", {"order_id": "7", **arguments})
        return await tool.call("find_order", arguments, CONTEXT)
    finally:
        await tool.aclose()


async def failure(tool: HttpTool, **arguments: Any) -> ToolError:
    """What a call that must fail says."""
    with pytest.raises(ToolError) as caught:
        await ask(tool, **arguments)
    return caught.value


def asked(server: HTTPServer) -> Request:
    """The one request that the server got."""
    ((request, _response),) = server.log
    return request


async def test_arguments_go_where_they_are_written(endpoint: HTTPServer) -> None:
    answering(endpoint, "/orders/7/8", body='{"state": "sent"}')
    result = await ask(
        order_tool(endpoint), order_id="7/8", tags=["a", "b c"], note="Zoë"
    )
    assert result == {"state": "sent"}
    request = asked(endpoint)
    assert request.environ["RAW_URI"].startswith("/orders/7%2F8?")
    assert request.args.to_dict(flat=False) == {
        "lines": ["5"],
        "tag": ["a", "b c"],
        "fixed": ["yes"],
    }
    assert request.headers["X-Note"].encode("latin-1").decode() == "Zoë"


async def test_what_was_not_given_is_not_sent(endpoint: HTTPServer) -> None:
    answering(endpoint, "/orders/7")
    await ask(order_tool(endpoint))
    assert "tag" not in asked(endpoint).args
    assert "X-Note" not in asked(endpoint).headers


async def test_body_keeps_the_types_of_its_values(endpoint: HTTPServer) -> None:
    answering(endpoint, "/orders/7")
    body = {"n": "{lines}", "all": {"tags": "{tags}", "note": "{note}"}, "by": "Ava"}
    tool = order_tool(endpoint, method="POST", query={}, headers={}, body=body)
    await ask(tool, lines=3, tags=["a"])
    expected = {"n": 3, "all": {"tags": ["a"]}, "by": "Ava"}
    assert asked(endpoint).get_json() == expected


@pytest.mark.parametrize(
    ("place", "header", "value"),
    [
        ({"place": "bearer"}, "Authorization", f"Bearer {SECRET}"),
        ({"place": "header", "key": "X-Key"}, "X-Key", SECRET),
        (
            {"place": "basic", "key": "ava"},
            "Authorization",
            "Basic YXZhOnNlc2FtZS1vcGVuLTEyMzQ=",
        ),
    ],
)
async def test_secret_goes_into_its_header(
    place: dict[str, str], header: str, value: str, endpoint: HTTPServer
) -> None:
    answering(endpoint, "/orders/7")
    await ask(order_tool(endpoint, secrets=[{"name": "k", **place}]))
    assert asked(endpoint).headers[header] == value


async def test_secret_goes_into_query_and_path(endpoint: HTTPServer) -> None:
    answering(endpoint, f"/{SECRET}/7")
    secrets = [
        {"name": "k", "place": "query", "key": "api_key"},
        {"name": "bot", "place": "placeholder"},
    ]
    url = endpoint.url_for("/{bot}/{order_id}?version=2")
    await ask(order_tool(endpoint, url=url, secrets=secrets))
    assert asked(endpoint).args["api_key"] == SECRET
    assert asked(endpoint).args["version"] == "2"


@pytest.mark.parametrize(
    ("body", "pick", "picked"),
    [
        ('{"a": {"b": [1, 2]}}', "a.b[0]", 1),
        ('{"a": []}', "a", []),
        ('{"a": false}', "a", False),
        ('{"a": 1}', "nothing.there", NOTHING_PICKED),
        ("[1]", "", [1]),
        ("", "", EMPTY),
        ("", "a", EMPTY),
        ("null", "", EMPTY),
    ],
)
async def test_answer_is_picked_from(
    body: str, pick: str, picked: Any, endpoint: HTTPServer
) -> None:
    answering(endpoint, "/orders/7", body=body)
    assert await ask(order_tool(endpoint, pick=pick)) == picked


async def test_pick_that_does_not_fit_the_answer_is_told(endpoint: HTTPServer) -> None:
    answering(endpoint, "/orders/7", body='{"a": "text"}')
    failed = await failure(order_tool(endpoint, pick="sum(a)"))
    assert "'sum(a)' cannot pick" in failed.detail


async def test_text_answer_is_given_as_it_is(endpoint: HTTPServer) -> None:
    answering(endpoint, "/orders/7", body="Sent.", content_type="text/plain")
    assert await ask(order_tool(endpoint, response="text")) == "Sent."


async def test_web_page_is_an_honest_failure(endpoint: HTTPServer) -> None:
    answering(endpoint, "/orders/7", body="<html>", content_type="text/html")
    assert "a web page" in (await failure(order_tool(endpoint))).detail


async def test_slow_drip_ends_in_time(endpoint: HTTPServer) -> None:
    url = dripping(endpoint)
    schema = {"properties": {"order_id": {"type": "string"}}}
    tool = order_tool(
        endpoint,
        url=url,
        query={"id": "{order_id}"},
        headers={},
        parameters=schema,
        timeout_seconds=0.5,
    )
    assert "took too long" in (await failure(tool)).words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"order_id": ".."}, "order_id must be a name or number"),
        ({"note": "a\r\nX-Admin: 1"}, "X-Note must be one line"),
        ({"lines": "many"}, "At lines: This must be a whole number."),
        ({"town": "Oslo"}, "does not know"),
    ],
)
async def test_argument_that_fits_nowhere_is_not_sent(
    arguments: dict[str, Any], words: str, endpoint: HTTPServer
) -> None:
    assert words in (await failure(order_tool(endpoint), **arguments)).words
    assert not endpoint.log


async def test_other_function_is_unknown(endpoint: HTTPServer) -> None:
    with pytest.raises(ToolError, match="no function dance"):
        order_tool(endpoint).validated("dance", {})


async def test_post_is_not_sent_again(endpoint: HTTPServer) -> None:
    answering(endpoint, "/orders/7", status=503)
    await failure(order_tool(endpoint, method="POST", retries=3))
    assert len(endpoint.log) == 1


async def test_get_that_changes_something_is_not_sent_again(
    endpoint: HTTPServer,
) -> None:
    answering(endpoint, "/orders/7", status=503)
    failed = await failure(order_tool(endpoint, is_side_effect=True, retries=3))
    assert len(endpoint.log) == 1
    assert not failed.may_retry and "may have been done" in failed.words


async def test_get_is_sent_again_as_often_as_was_chosen(endpoint: HTTPServer) -> None:
    answering(endpoint, "/orders/7", status=503)
    await failure(order_tool(endpoint, retries=2))
    assert len(endpoint.log) == 3


ALL_PLACES = [
    {"name": "bearer", "place": "bearer"},
    {"name": "header", "place": "header", "key": "X-Key"},
    {"name": "query", "place": "query", "key": "api_key"},
    {"name": "bot", "place": "placeholder"},
]


@pytest.mark.parametrize("status", [200, 302, 401, 422, 500])
async def test_secrets_are_in_no_log_error_or_repr(
    status: int, endpoint: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answering(endpoint, f"/{SECRET}/7", status=status, body=f'<"{SECRET}"')
    url = endpoint.url_for("/{bot}/{order_id}")
    tool = order_tool(endpoint, url=url, secrets=ALL_PLACES, pick="a")
    failed = await failure(tool)
    told = "".join(traceback.format_exception(failed))
    ours = [r for r in caplog.records if r.name != "werkzeug"]
    told += failed.words + failed.detail + repr(failed) + repr(tool) + repr(vars(tool))
    assert SECRET not in told + str([vars(record) for record in ours])


async def test_trial_asks_only_where_that_changes_nothing(
    endpoint: HTTPServer,
) -> None:
    answering(endpoint, "/health", body='{"well": true}')
    plain = {
        "url": endpoint.url_for("/health"),
        "query": {},
        "headers": {},
        "parameters": {},
    }
    tool = order_tool(endpoint, **plain)
    assert await tool.test(CONTEXT) == {"well": True}
    await tool.aclose()
    assert "with arguments" in str(await order_tool(endpoint).test(CONTEXT))
    posted = order_tool(endpoint, **plain, method="POST")
    assert "with arguments" in str(await posted.test(CONTEXT))
    assert len(endpoint.log) == 1


def test_missing_secret_is_named_when_the_tool_is_made() -> None:
    definition = {
        "function": "f",
        "description": "d",
        "url": "https://api.example.com/",
        "secrets": [{"name": "api_key"}],
    }
    with pytest.raises(ValidationError, match="api_key"):
        make(definition, {})
    assert [spec.name for spec in make(definition, {"api_key": "x"}).specs] == ["f"]
