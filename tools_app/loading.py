"""An agent's tools with their secrets in the clear: worker, refresh and test only."""

import logging
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from pydantic import ValidationError

from sealed.handle import Sealed
from sealed.keys import SealBroken
from tools_app import code_tools, http_tool, mcp_tool
from tools_app.broken_tool import BrokenTool
from tools_app.code_tools import ToolGone
from tools_app.compiling import compiled
from tools_app.descriptions import spec_of
from tools_app.models import AgentTool, Kind, PlatformTool, ToolFunction, ToolSecret
from tools_app.registry import registry
from tools_app.runtime import LoadedTool, RunningTool
from tools_app.specs import FunctionSpec
from tools_app.wrong_arguments import faults_in

log = logging.getLogger(__name__)

MAKERS: Mapping[str, Callable[..., RunningTool]] = {
    Kind.CODE: code_tools.make,
    Kind.HTTP: http_tool.make,
    Kind.MCP: mcp_tool.make,
}
NOT_READ = ("config_schema", "sensitive_schema", "last_change", "description")
Rows = Mapping[int, Sequence[ToolFunction]]


def load_tools(agent_id: int) -> list[LoadedTool]:
    """The active tools of an agent, ready for a call, in at most two queries.

    A tool that cannot be made comes as one whose every function says so.
    """
    return _loaded(AgentTool.objects.filter(agent_id=agent_id, is_active=True))


def load_tool(agent_tool_id: int) -> LoadedTool:
    """One tool of an agent, active or not; raises `AgentTool.DoesNotExist`."""
    for tool in _loaded(AgentTool.objects.filter(pk=agent_tool_id)):
        return tool
    raise AgentTool.DoesNotExist(f"There is no agent tool {agent_tool_id}.")


def _with_organization_secrets(tools: QuerySet[AgentTool]) -> QuerySet[AgentTool]:
    """Each with `organization_secrets`, a `Sealed` or None."""
    theirs = ToolSecret.objects.filter(
        organization=OuterRef("agent__organization"),
        platform_tool=OuterRef("platform_tool"),
    )
    return tools.annotate(organization_secrets=Subquery(theirs.values("secrets")[:1]))


def _revealed(agent_tool: AgentTool) -> dict[str, Any]:
    """Its secrets: its organization's, and over them its own; raises `SealBroken`."""
    theirs: Sealed | None = getattr(agent_tool, "organization_secrets", None)
    own: Sealed = agent_tool.sensitive_config
    return (theirs.reveal() if theirs else {}) | own.reveal()


def _loaded(chosen: QuerySet[AgentTool]) -> list[LoadedTool]:
    tools = _with_organization_secrets(chosen).select_related("platform_tool")
    found = list(tools.defer(*(f"platform_tool__{name}" for name in NOT_READ)))
    rows = _function_rows([tool.platform_tool for tool in found])
    return [_load(tool, rows.get(tool.platform_tool_id, ())) for tool in found]


def _function_rows(tools: Sequence[PlatformTool]) -> Rows:
    """The functions of the tools that have no class to tell them, by tool."""
    wanted = {tool.pk for tool in tools if _tool_class(tool) is None}
    if not wanted:
        return {}
    rows = ToolFunction.objects.filter(platform_tool__in=wanted, removed_at=None)
    ordered = rows.order_by("platform_tool_id", "position", "name")
    grouped = groupby(ordered, key=lambda row: row.platform_tool_id)
    return {tool_id: list(functions) for tool_id, functions in grouped}


def _tool_class(tool: PlatformTool) -> Any:
    return registry().tools.get(tool.key) if tool.kind == Kind.CODE else None


def _load(agent_tool: AgentTool, rows: Sequence[ToolFunction]) -> LoadedTool:
    """One tool. What the model would refuse is not offered: it would end the call at
    its begin; staff see why on the tool's page."""
    refused = frozenset(row.name for row in rows if row.rejection)
    rows = [row for row in rows if not row.rejection]
    running: RunningTool
    try:
        secrets = _revealed(agent_tool)
        running = _running(agent_tool, rows, secrets)
    except Exception as error:  # noqa: BLE001  An author's code may raise anything.
        secrets = {}
        running = _broken(agent_tool, rows, error)
    return LoadedTool(
        agent_tool_id=agent_tool.pk,
        name=agent_tool.name,
        key=agent_tool.platform_tool.key,
        running=running,
        unselected_functions=refused.union(agent_tool.unselected_functions),
        timeout_seconds=agent_tool.timeout_seconds,
        max_per_call=agent_tool.max_per_call,
        max_per_minute=agent_tool.max_per_minute,
        secrets=secrets,
    )


def _running(
    agent_tool: AgentTool, rows: Sequence[ToolFunction], secrets: dict[str, Any]
) -> RunningTool:
    """The tool by its kind; raises what its making raises."""
    tool = agent_tool.platform_tool
    return MAKERS[tool.kind](tool, rows, agent_tool.config, secrets)


def _broken(
    agent_tool: AgentTool, rows: Sequence[ToolFunction], error: Exception
) -> BrokenTool:
    """What stands in for a tool that cannot be made, and says why."""
    detail = _why(error)
    log.warning("Tool %s cannot be used: %s", agent_tool.pk, detail)
    return BrokenTool(_specs(agent_tool.platform_tool, rows), detail)


def _why(error: Exception) -> str:
    """For staff; of what we did not write, only the kind, for it may quote a secret."""
    if isinstance(error, ValidationError):
        return f"Its settings or secrets are not complete: {faults_in(error)}."
    if isinstance(error, SealBroken | ToolGone):
        return str(error)
    return f"It cannot be made: {type(error).__name__}."


def _specs(tool: PlatformTool, rows: Sequence[ToolFunction]) -> list[FunctionSpec]:
    """What a tool would offer, from its class where there is one."""
    if tool_class := _tool_class(tool):
        return [function.spec for function in compiled(tool_class).values()]
    return [spec_of(row) for row in rows]
