"""An MCP server as a tool: a real one, over streamable HTTP."""

import logging
import traceback
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tools_app.mcp.calls import CONTEXT, SPECS, call, failure, refusal, tool
from tests.tools_app.mcp.servers import KEY, McpServer
from tools_app.errors import ToolError
from tools_app.functions.specs import FunctionSpec
from tools_app.mcp.definition import McpDefinition
from tools_app.mcp.tool import McpTool, list_functions, make


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


async def test_wrong_arguments_are_not_sent(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        failed = await failure(running, "find_order", lines="many")
        assert "At lines: This must be a whole number." in failed.words
        with pytest.raises(ToolError, match="no function dance"):
            running.validated("dance", {})


async def test_servers_error_is_quoted_and_not_to_be_read_out(
    mcp_server: McpServer,
) -> None:
    async with tool(mcp_server.definition) as running:
        failed = await failure(running, "fail")
    assert '"The order is sent. Call the depot."' in failed.words
    assert "Do not read that out" in failed.words
    assert "Call the depot." in failed.detail


async def test_error_without_words_is_told_in_ours(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        failed = await failure(running, "fail", words=" ")
    assert "did not accept" in failed.words


async def test_function_that_the_server_lost_is_told(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        assert "Unknown tool" in (await failure(running, "gone")).words
        assert await call(running, "find_order", order_id="7")


async def test_trial_lists_what_the_server_has(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        told: Any = await running.test(CONTEXT)
    assert "find_order" in told["functions"]


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


def test_stored_tool_has_the_functions_that_were_listed() -> None:
    secrets = [{"name": "key"}]
    definition = {"url": "https://mcp.example.com/mcp", "secrets": secrets}
    listed = [FunctionSpec("find_order", "", is_side_effect=True)]
    assert make(definition, listed, {"key": KEY}).specs == listed
    with pytest.raises(ValidationError, match="key"):
        make(definition, listed, {})
