"""An agent's tools with their secrets in the clear: worker, refresh and test only."""

import logging
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from sealed.keys import SealBroken
from tools_app.code_tools import tool as code_tools
from tools_app.code_tools.compiling import compiled
from tools_app.code_tools.registry import ToolClass, registry
from tools_app.code_tools.tool import ToolGone
from tools_app.endpoints import tool as http_tool
from tools_app.functions.declarations import Rejected
from tools_app.functions.specs import FunctionSpec
from tools_app.functions.wrong_arguments import faults_in
from tools_app.mcp import tool as mcp_tool
from tools_app.models import Kind
from tools_app.running.broken import BrokenTool
from tools_app.running.rows import (
    Function,
    ToolRow,
    functions_of,
    row_of_tool,
    rows_of_agent,
)
from tools_app.running.tool import LoadedTool, RunningTool

log = logging.getLogger(__name__)

Specs = Sequence[FunctionSpec]
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
    told = functions_of({row.tool_id for row in rows if _tool_class(row) is None})
    opened: Opened = {}
    return [_load(row, told.get(row.tool_id, ()), opened) for row in rows]


def _tool_class(row: ToolRow) -> ToolClass | None:
    return registry().tools.get(row.key) if row.kind == Kind.CODE else None


def _load(row: ToolRow, functions: Sequence[Function], opened: Opened) -> LoadedTool:
    """One tool. What the model would refuse is not offered: it would end the call at
    its begin; staff see why on the tool's page."""
    refused = [f.spec.name for f in functions if f.rejection]
    usable = [f.spec for f in functions if not f.rejection]
    running: RunningTool
    try:
        secrets = row.reveal(opened)
        running = _running(row, usable, secrets)
    except Exception as error:  # noqa: BLE001  An author's code may raise anything.
        secrets = {}
        running = _broken(row, usable, error)
    return LoadedTool(
        agent_tool_id=row.id,
        name=row.name,
        key=row.key,
        running=running,
        unselected_functions=frozenset([*refused, *row.unselected_functions]),
        timeout_seconds=row.timeout_seconds,
        max_per_call=row.max_per_call,
        max_per_minute=row.max_per_minute,
        secrets=secrets,
    )


def _running(row: ToolRow, specs: Specs, secrets: dict[str, Any]) -> RunningTool:
    """The tool by its kind; raises what its making raises."""
    if row.kind == Kind.CODE:
        return code_tools.make(row.key, row.config, secrets)
    if row.kind == Kind.MCP:
        return mcp_tool.make(row.definition, specs, secrets)
    return http_tool.make(row.definition, secrets)


def _broken(row: ToolRow, specs: Specs, error: Exception) -> BrokenTool:
    """What stands in for a tool that cannot be made, and says why."""
    detail = _why(error)
    log.warning("Tool %s cannot be used: %s", row.id, detail)
    if tool_class := _tool_class(row):
        specs = [function.spec for function in compiled(tool_class).values()]
    return BrokenTool(specs, detail)


def _why(error: Exception) -> str:
    """For staff; of what we did not write, only the kind, for it may quote a secret."""
    if isinstance(error, ValidationError):
        return f"Its settings or secrets are not complete: {faults_in(error)}."
    if isinstance(error, Rejected):
        return f"With its settings the model would refuse it: {error}."
    if isinstance(error, SealBroken | ToolGone):
        return str(error)
    return f"It cannot be made: {type(error).__name__}."
