"""An agent's tools with their secrets in the clear: worker, refresh and test only."""

import logging
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from sealed.keys import SealBroken
from tools_app import code_tools, http_tool, mcp_tool
from tools_app.broken_tool import BrokenTool
from tools_app.code_tools import ToolGone
from tools_app.compiling import compiled
from tools_app.declarations import Rejected
from tools_app.descriptions import spec_of
from tools_app.models import Kind, ToolFunction
from tools_app.registry import ToolClass, registry
from tools_app.runtime import LoadedTool, RunningTool
from tools_app.specs import FunctionSpec
from tools_app.tool_rows import ToolRow, row_of_tool, rows_of_agent
from tools_app.wrong_arguments import faults_in

log = logging.getLogger(__name__)

Functions = Sequence[ToolFunction]
Opened = dict[str, dict[str, Any]]


def load_tools(agent_id: int) -> list[LoadedTool]:
    """The active tools of an agent, ready for a call, in at most two queries.

    A tool that cannot be made comes as one whose every function says so.
    """
    return _loaded(rows_of_agent(agent_id))


def load_tool(agent_tool_id: int) -> LoadedTool:
    """One tool of an agent, active or not; raises `AgentTool.DoesNotExist`."""
    [tool] = _loaded([row_of_tool(agent_tool_id)])
    return tool


def _loaded(rows: Sequence[ToolRow]) -> list[LoadedTool]:
    told = _functions({row.tool_id for row in rows if _tool_class(row) is None})
    opened: Opened = {}
    return [_load(row, told.get(row.tool_id, ()), opened) for row in rows]


def _functions(tools: Collection[int]) -> Mapping[int, Functions]:
    """The functions of the tools that have no class to tell them, by tool."""
    if not tools:
        return {}
    rows = ToolFunction.objects.filter(platform_tool__in=tools, removed_at=None)
    ordered = rows.order_by("platform_tool_id", "position", "name")
    grouped = groupby(ordered, key=lambda row: row.platform_tool_id)
    return {tool_id: list(functions) for tool_id, functions in grouped}


def _tool_class(row: ToolRow) -> ToolClass | None:
    return registry().tools.get(row.key) if row.kind == Kind.CODE else None


def _load(row: ToolRow, functions: Functions, opened: Opened) -> LoadedTool:
    """One tool. What the model would refuse is not offered: it would end the call at
    its begin; staff see why on the tool's page."""
    refused = frozenset(f.name for f in functions if f.rejection)
    usable = [f for f in functions if not f.rejection]
    running: RunningTool
    try:
        secrets = row.reveal(opened)
        running = _running(row, usable, secrets)
    except Exception as error:  # noqa: BLE001  An author's code may raise anything.
        secrets = {}
        running = _broken(row, usable, error)
    return LoadedTool(
        agent_tool_id=row.agent_tool.pk,
        name=row.agent_tool.name,
        key=row.key,
        running=running,
        unselected_functions=refused.union(row.agent_tool.unselected_functions),
        timeout_seconds=row.agent_tool.timeout_seconds,
        max_per_call=row.agent_tool.max_per_call,
        max_per_minute=row.agent_tool.max_per_minute,
        secrets=secrets,
    )


def _running(
    row: ToolRow, functions: Functions, secrets: dict[str, Any]
) -> RunningTool:
    """The tool by its kind; raises what its making raises."""
    config = row.agent_tool.config
    if row.kind == Kind.CODE:
        return code_tools.make(row.key, config, secrets)
    if row.kind == Kind.MCP:
        return mcp_tool.make(row.tool, functions, config, secrets)
    return http_tool.make(row.tool, functions, config, secrets)


def _broken(row: ToolRow, functions: Functions, error: Exception) -> BrokenTool:
    """What stands in for a tool that cannot be made, and says why."""
    detail = _why(error)
    log.warning("Tool %s cannot be used: %s", row.agent_tool.pk, detail)
    return BrokenTool(_specs(row, functions), detail)


def _why(error: Exception) -> str:
    """For staff; of what we did not write, only the kind, for it may quote a secret."""
    if isinstance(error, ValidationError):
        return f"Its settings or secrets are not complete: {faults_in(error)}."
    if isinstance(error, Rejected):
        return f"With its settings the model would refuse it: {error}."
    if isinstance(error, SealBroken | ToolGone):
        return str(error)
    return f"It cannot be made: {type(error).__name__}."


def _specs(row: ToolRow, functions: Functions) -> list[FunctionSpec]:
    """What a tool would offer, from its class where there is one."""
    if tool_class := _tool_class(row):
        return [function.spec for function in compiled(tool_class).values()]
    return [spec_of(function) for function in functions]
