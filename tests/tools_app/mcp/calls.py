"""Calls of an MCP server's functions, as tests make them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.tools_app.mcp.servers import KEY
from tools_app.errors import ToolError
from tools_app.functions.specs import FunctionSpec
from tools_app.mcp.definition import McpDefinition
from tools_app.mcp.tool import McpTool, list_functions

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
async def tool(definition: dict[str, Any], key: str = KEY) -> AsyncIterator[McpTool]:
    """A tool in a call."""
    running = McpTool(McpDefinition.model_validate(definition), SPECS, {"key": key})
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
