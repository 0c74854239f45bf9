"""From the functions of tools to what a LiveKit agent offers its model."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from livekit.agents import RunContext, llm

from livekit_worker.tools.answer import cut
from livekit_worker.tools.failures import words_of
from livekit_worker.tools.request import Request
from tools_app.call_context import CallContext
from tools_app.functions.naming import function_names
from tools_app.functions.specs import FunctionSpec
from tools_app.running.tool import LoadedTool
from tools_app.storable import storable

Offered = tuple[LoadedTool, FunctionSpec, str]
OnRequest = Callable[[Request], Awaitable[str]]
Functions = list[llm.Tool | llm.Toolset]


def offered(tools: Sequence[LoadedTool]) -> Iterator[Offered]:
    """Each function that staff left ticked, and its name for the model."""
    names = function_names({t.name: [s.name for s in t.specs] for t in tools})
    for tool in tools:
        for spec in tool.specs:
            yield tool, spec, names[tool.name, spec.name]


def wrapped(tools: Sequence[LoadedTool], on_request: OnRequest) -> Functions:
    """The functions as LiveKit takes them; each call goes to `on_request`."""
    return [_wrap(*offer, on_request) for offer in offered(tools)]


def _wrap(
    tool: LoadedTool, spec: FunctionSpec, name: str, on_request: OnRequest
) -> llm.Tool:
    """One function, declared by its schema; arguments are checked on the way."""

    async def run(
        raw_arguments: dict[str, object], ctx: RunContext[CallContext]
    ) -> str:
        arguments = storable(dict(raw_arguments))
        try:
            return await on_request(Request(tool, spec, arguments, ctx))
        except Exception as error:  # noqa: BLE001  The model gets words for any.
            raise llm.ToolError(cut(tool.redact(words_of(error)))) from None

    return llm.function_tool(run, raw_schema=declared(replace(spec, name=name)))


def declared(spec: FunctionSpec) -> dict[str, Any]:
    """The schema of a function; without parameters it has an empty one."""
    return {
        "name": spec.name,
        "description": spec.description,
        "parameters": dict(spec.parameters) or {"type": "object", "properties": {}},
    }
