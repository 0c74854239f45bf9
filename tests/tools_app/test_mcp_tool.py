"""An MCP server as a tool: a real one, over streamable HTTP."""

import asyncio
import logging
import socket
import time
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import ValidationError
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from tests.tools_app.endpoints import answering, closed_port
from tests.tools_app.mcp_servers import KEY, McpServer
from tools_app.errors import ToolError
from tools_app.mcp_definition import McpDefinition
from tools_app.mcp_tool import McpTool, list_functions, make
from tools_app.models import PlatformTool, ToolFunction
from tools_app.specs import FunctionSpec

CONTEXT: Any = None
SPECS = [
    FunctionSpec("find_order", "", {"properties": {"lines": {"type": "integer"}}}),
    FunctionSpec("cancel_order", "", is_side_effect=True),
    FunctionSpec("die", "", is_side_effect=True),
    FunctionSpec("fail", ""),
    FunctionSpec("hang", ""),
    FunctionSpec("huge", ""),
    FunctionSpec("gone", ""),
]


@asynccontextmanager
async def tool(
    definition: dict[str, Any],
    *,
    key: str = KEY,
    specs: Sequence[FunctionSpec] = SPECS,
) -> AsyncIterator[McpTool]:
    """A tool in a call."""
    running = McpTool(McpDefinition.model_validate(definition), specs, {"key": key})
    await running.setup()
    try:
        yield running
    finally:
        await running.aclose()


async def call(running: McpTool, function: str, **arguments: Any) -> Any:
    """The result of a function with these arguments."""
    return await running.call(function, running.validated(function, arguments), CONTEXT)


async def failure(running: McpTool, function: str, **arguments: Any) -> ToolError:
    """What a call that must fail says."""
    with pytest.raises(ToolError) as caught:
        await call(running, function, **arguments)
    return caught.value


async def refusal(definition: dict[str, Any], key: str = KEY) -> str:
    """What staff are told when the functions cannot be listed."""
    with pytest.raises(ToolError) as caught:
        await list_functions(definition, {"key": key})
    return caught.value.detail


async def test_functions_are_listed_with_their_schemas(mcp_server: McpServer) -> None:
    specs = await list_functions(mcp_server.definition, {"key": KEY})
    assert [spec.name for spec in specs][:2] == ["find_order", "cancel_order"]
    assert specs[0].description == "Find an order by its number."
    assert specs[0].parameters["properties"]["lines"]["default"] == 5
    assert specs[0].parameters["required"] == ["order_id"]


async def test_hints_say_what_changes_and_what_can_be_kept(
    mcp_server: McpServer,
) -> None:
    find, cancel, *_ = await list_functions(mcp_server.definition, {"key": KEY})
    assert find.is_cacheable and not find.is_side_effect
    assert cancel.is_side_effect and not cancel.is_cacheable


async def test_function_answers_json_or_text(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        found = await call(running, "find_order", order_id="7")
        assert (found["order_id"], found["lines"]) == ("7", 5)
        said = await call(running, "cancel_order", order_id="8")
        assert said == "Order 8 is cancelled."


async def test_calls_at_once_share_one_session(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        numbers = [str(n) for n in range(10)]
        found = await asyncio.gather(
            *(call(running, "find_order", order_id=n) for n in numbers)
        )
    assert [answer["order_id"] for answer in found] == numbers


async def test_wrong_arguments_are_not_sent(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        failed = await failure(running, "find_order", lines="many")
        assert "At lines: This must be a whole number." in failed.words
        with pytest.raises(ToolError, match="no function dance"):
            running.validated("dance", {})


async def test_servers_error_is_told_in_our_words(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        failed = await failure(running, "fail")
    assert "did not accept" in failed.words
    assert "vendor" not in failed.words + failed.detail


async def test_function_that_the_server_lost_is_told(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        assert "did not accept" in (await failure(running, "gone")).words
        assert await call(running, "find_order", order_id="7")


async def test_function_that_hangs_ends_in_time(mcp_server: McpServer) -> None:
    definition = {**mcp_server.definition, "timeout_seconds": 1}
    begin = time.monotonic()
    async with tool(definition) as running:
        assert "took too long" in (await failure(running, "hang")).words
        assert await call(running, "find_order", order_id="7")
    assert time.monotonic() - begin < 5


async def test_huge_answer_is_not_read(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        assert "too long" in (await failure(running, "huge")).detail
        assert await call(running, "find_order", order_id="7")


async def test_wrong_key_is_told_to_staff(mcp_server: McpServer) -> None:
    detail = await refusal(mcp_server.definition, key="wrong-key-5678")
    assert "401 Unauthorized" in detail and "set it anew" in detail
    async with tool(mcp_server.definition, key="wrong-key-5678") as running:
        failed = await failure(running, "cancel_order", order_id="9")
    assert "did not let this platform in" in failed.words
    assert "401" in failed.detail
    assert "9" not in mcp_server.changes


async def test_trial_lists_what_the_server_has(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        told: Any = await running.test(CONTEXT)
    assert "find_order" in told["functions"]


async def test_private_address_is_refused(
    mcp_server: McpServer, settings: Settings
) -> None:
    settings.TOOLS_MAY_REACH = []
    assert "private address" in await refusal(mcp_server.definition)


async def test_redirect_elsewhere_is_not_followed(
    endpoint: HTTPServer, httpserver: HTTPServer
) -> None:
    there = httpserver.url_for("/mcp")
    url = answering(endpoint, "/mcp", status=307, location=there)
    async with tool({"url": url}, key="") as running:
        await failure(running, "find_order")
    assert not httpserver.log


@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (200, "<h1>Welcome</h1>", "does not speak MCP"),
        (404, "nothing here", "does not speak MCP"),
        (503, "busy", "503 Service Unavailable"),
    ],
)
async def test_what_is_no_mcp_server_is_told_to_staff(
    status: int, body: str, hint: str, endpoint: HTTPServer
) -> None:
    url = answering(
        endpoint, "/mcp", status=status, body=body, content_type="text/html"
    )
    assert hint in await refusal({"url": url, "timeout_seconds": 3})


async def test_dead_server_is_an_honest_failure_and_its_functions_stay(
    settings: Settings,
) -> None:
    settings.TOOLS_MAY_REACH = [("127.0.0.1", None)]
    definition = {"url": f"http://127.0.0.1:{closed_port()}/mcp"}
    async with tool(definition) as running:
        assert len(running.specs) == len(SPECS)
        failed = await failure(running, "find_order")
    assert "cannot be reached" in failed.words
    assert "refuses connections" in failed.detail
    assert "refuses connections" in await refusal(definition)


async def test_server_that_never_answers_ends_in_time(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.TOOLS_MAY_REACH = [("127.0.0.1", port)]
        definition = {"url": f"http://127.0.0.1:{port}/mcp", "timeout_seconds": 0.5}
        begin = time.monotonic()
        assert "within 0.5 s" in await refusal(definition)
    assert time.monotonic() - begin < 4


async def test_calls_at_once_come_through_a_restart(
    mortal_mcp_server: McpServer, request: pytest.FixtureRequest
) -> None:
    options = request.node.callspec.params["mortal_mcp_server"]
    async with tool(mortal_mcp_server.definition) as running:
        await call(running, "find_order", order_id="0")
        mortal_mcp_server.kill()
        mortal_mcp_server.start(*options)
        numbers = [str(n) for n in range(5)]
        found = await asyncio.gather(
            *(call(running, "find_order", order_id=n) for n in numbers)
        )
    assert [answer["order_id"] for answer in found] == numbers


async def test_server_that_came_back_is_connected_to_anew(
    mortal_mcp_server: McpServer, request: pytest.FixtureRequest
) -> None:
    options = request.node.callspec.params["mortal_mcp_server"]
    async with tool(mortal_mcp_server.definition) as running:
        before = await call(running, "find_order", order_id="7")
        mortal_mcp_server.kill()
        failed = await failure(running, "find_order", order_id="7")
        assert "cannot be reached" in failed.words
        mortal_mcp_server.start(*options)
        after = await call(running, "find_order", order_id="7")
    assert before["process"] != after["process"]


async def test_server_that_was_restarted_between_calls_is_not_noticed(
    mortal_mcp_server: McpServer, request: pytest.FixtureRequest
) -> None:
    options = request.node.callspec.params["mortal_mcp_server"]
    async with tool(mortal_mcp_server.definition) as running:
        await call(running, "cancel_order", order_id="1")
        mortal_mcp_server.kill()
        mortal_mcp_server.start(*options)
        await call(running, "cancel_order", order_id="2")
    assert mortal_mcp_server.changes == ["1", "2"]


async def test_change_during_which_the_server_died_is_not_repeated(
    mortal_mcp_server: McpServer,
) -> None:
    async with tool(mortal_mcp_server.definition) as running:
        failed = await failure(running, "die", order_id="3")
    assert "may have been done" in failed.words
    assert "broke off" in failed.detail
    assert mortal_mcp_server.changes == ["3"]


@pytest.mark.parametrize("function", ["find_order", "fail", "hang", "huge", "gone"])
async def test_key_is_in_no_log_error_or_repr(
    function: str, mcp_server: McpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [
        {"name": "key", "place": "bearer"},
        {"name": "again", "place": "query", "key": "api_key"},
    ]
    definition = {**mcp_server.definition, "secrets": secrets, "timeout_seconds": 1}
    known = McpDefinition.model_validate(definition)
    running = McpTool(known, SPECS, {"key": KEY, "again": KEY})
    told = repr(running) + repr(vars(running))
    try:
        await running.call(function, {"order_id": "7"}, CONTEXT)
    except ToolError as error:
        told += "".join(traceback.format_exception(error)) + error.detail + repr(error)
    finally:
        await running.aclose()
    assert KEY not in told + str([vars(record) for record in caplog.records])


async def test_key_that_a_server_repeats_in_its_refusal_is_not_told(
    mcp_server: McpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    detail = await refusal(mcp_server.definition, key="wrong-key-5678")
    told = detail + str([vars(record) for record in caplog.records])
    assert KEY not in told and "wrong-key-5678" not in told


async def test_missing_key_is_told_to_staff() -> None:
    secrets = [{"name": "key"}]
    definition = {"url": "https://mcp.example.com/mcp", "secrets": secrets}
    with pytest.raises(ToolError) as caught:
        await list_functions(definition, {})
    assert "key is missing" in caught.value.detail


def test_tool_of_a_row_has_the_functions_of_its_rows() -> None:
    secrets = [{"name": "key"}]
    definition = {"url": "https://mcp.example.com/mcp", "secrets": secrets}
    row = PlatformTool(key="orders", kind="mcp", definition=definition)
    functions = [ToolFunction(name="find_order", is_side_effect=True)]
    specs = make(row, functions, {}, {"key": KEY}).specs
    assert [(s.name, s.is_side_effect) for s in specs] == [("find_order", True)]
    with pytest.raises(ValidationError, match="key"):
        make(row, functions, {}, {})
