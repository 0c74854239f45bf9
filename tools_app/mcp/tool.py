"""An MCP server as a tool: what it has, and asking it while a call runs."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcp import Client
from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import ValidationError

from tools_app.endpoints.secret_places import place_secrets
from tools_app.errors import ToolError
from tools_app.functions.arguments import ArgumentsSchema
from tools_app.functions.specs import FunctionSpec
from tools_app.functions.wrong_arguments import faults_in, unknown_function
from tools_app.http_failures import (
    BROKEN,
    NOT_ACCEPTED,
    TOO_SLOW,
    HttpFailure,
)
from tools_app.mcp.connection import McpConnection
from tools_app.mcp.definition import McpDefinition
from tools_app.quoting import quoted

if TYPE_CHECKING:
    from tools_app.base import RunContext

FAILED = (
    "The service says that it failed: {}. Do not read that out: mend the request, or "
    "tell the caller in your own words."
)
EMPTY = "Done: the service answered without any data."
# More than a model could choose from; a server that lists without end is broken.
MOST_PAGES = 20


def make(
    definition: Mapping[str, Any],
    specs: Sequence[FunctionSpec],
    secrets: Mapping[str, Any],
) -> "McpTool":
    """The tool as it is stored, with the functions that its server had when it was last
    asked; raises pydantic's ValidationError naming what is missing."""
    return McpTool(McpDefinition.model_validate(definition), specs, secrets)


async def list_functions(
    definition: Mapping[str, Any], secrets: Mapping[str, Any]
) -> list[FunctionSpec]:
    """What the server has now, within its definition's time; raises `ToolError` whose
    detail tells staff why it cannot be known."""
    try:
        known = McpDefinition.model_validate(dict(definition))
        placed = place_secrets(known.secrets, secrets)
    except ValidationError as error:
        detail = f"Settings or secrets are not complete: {faults_in(error)}."
        raise ToolError("This tool is not set up.", detail=detail) from None
    connection = McpConnection(known, placed)
    try:
        return [_spec(tool) for tool in await _list(connection, known.timeout_seconds)]
    finally:
        await connection.aclose()


class McpTool:
    """A `RunningTool` with a server's functions, as they were when it was last asked:
    while it is dead, each says so."""

    def __init__(
        self,
        definition: McpDefinition,
        specs: Sequence[FunctionSpec],
        secrets: Mapping[str, Any],
    ) -> None:
        self._definition = definition
        self._specs = {spec.name: spec for spec in specs}
        self._schemas: dict[str, ArgumentsSchema] = {}
        placed = place_secrets(definition.secrets, secrets)
        self._connection = McpConnection(definition, placed)

    @property
    def specs(self) -> Sequence[FunctionSpec]:
        """Every function that the server had."""
        return list(self._specs.values())

    async def setup(self) -> None:
        """Begin to connect; who calls first waits for it, and hears of a failure."""
        self._connection.open()

    def validated(self, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments with defaults filled in; raises `ToolError` naming each wrong
        one and what it should be."""
        if function not in self._specs:
            raise unknown_function(function, self._specs)
        if function not in self._schemas:
            schema = self._specs[function].parameters
            self._schemas[function] = ArgumentsSchema(function, schema)
        return self._schemas[function].checked(arguments)

    async def call(
        self, function: str, arguments: dict[str, Any], context: "RunContext[Any]"
    ) -> object:
        """Ask the server; raises `ToolError`."""
        seconds = self._definition.timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                return _result(await self._ask(function, arguments))
        except TimeoutError:
            detail = f"{function} was not done within {seconds:g} s."
            failure = HttpFailure(TOO_SLOW, detail=detail)
            changes = self._specs[function].is_side_effect
            raise (failure.of_a_change if changes else failure) from None
        except (RuntimeError, ValidationError):
            detail = f"{function} answered what does not fit its own description."
            raise ToolError(BROKEN, detail=detail) from None

    async def test(self, context: "RunContext[Any]") -> object:
        """What the server has now; raises `ToolError`."""
        tools = await _list(self._connection, self._definition.timeout_seconds)
        return {"functions": [tool.name for tool in tools]}

    async def aclose(self) -> None:
        """End the session."""
        await self._connection.aclose()

    async def _ask(self, function: str, arguments: dict[str, Any]) -> CallToolResult:
        """Ask, and once more after a lost connection where that cannot do harm."""

        async def question(client: Client) -> CallToolResult:
            return await client.call_tool(function, arguments)

        try:
            return await self._connection.ask(question)
        except HttpFailure as failure:
            changes = self._specs[function].is_side_effect
            told = failure.of_a_change if changes else failure
            if not told.may_retry:
                raise told from None
        return await self._connection.ask(question)


async def _list(connection: McpConnection, seconds: float) -> list[Tool]:
    """What the server has; raises `ToolError`."""
    try:
        async with asyncio.timeout(seconds):
            return await connection.ask(_tools)
    except TimeoutError:
        detail = f"It did not list its functions within {seconds:g} s."
        raise ToolError(TOO_SLOW, detail=detail) from None
    except ValidationError:
        detail = "What it lists is not as MCP describes functions."
        raise ToolError(BROKEN, detail=detail) from None


async def _tools(client: Client) -> list[Tool]:
    """Every page of a server's list."""
    page = await client.list_tools()
    tools = list(page.tools)
    for _ in range(MOST_PAGES):
        if not page.next_cursor:
            break
        page = await client.list_tools(cursor=page.next_cursor)
        tools += page.tools
    return tools


def _spec(tool: Tool) -> FunctionSpec:
    """A function as its server describes it.

    MCP's defaults for what a server does not say are the careful ones: it may change
    something, and depends on the outside world.
    """
    hints = tool.annotations or ToolAnnotations()
    only_reads = bool(hints.read_only_hint)
    says_nothing = hints.read_only_hint is None and hints.destructive_hint is None
    is_closed = hints.open_world_hint is False
    return FunctionSpec(
        name=tool.name,
        description=tool.description or tool.title or tool.name,
        parameters=tool.input_schema,
        is_side_effect=not only_reads,
        is_presumed=says_nothing,
        is_cacheable=only_reads and is_closed,
    )


def _result(answer: CallToolResult) -> object:
    """What the model is given of an answer; raises `ToolError` for an error."""
    texts = [part.text for part in answer.content if isinstance(part, TextContent)]
    text = "\n".join(texts)
    if answer.is_error:
        raise _failure(text)
    found = answer.structured_content
    if isinstance(found, dict):
        return found["result"] if found.keys() == {"result"} else found
    return text or EMPTY


def _failure(text: str) -> ToolError:
    """An answer that is an error. MCP has servers say there what the model should do
    differently; it must not read that out, for it is meant for no caller's ear."""
    if said := quoted(text):
        return ToolError(FAILED.format(said), detail=f"The server answered {said}.")
    detail = "The server answered that it failed: try the same with *Test*."
    return ToolError(NOT_ACCEPTED, detail=detail)
