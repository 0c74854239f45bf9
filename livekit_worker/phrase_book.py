"""What can be said to the sandbox model, from the rows of an agent's tools."""

from collections.abc import Sequence

from django.db.models import Prefetch

from agents_app.models import Agent
from livekit_worker.sandbox.function import Function
from livekit_worker.sandbox.hearing.phrases import phrases
from tools_app.functions.declarations import declare
from tools_app.functions.descriptions import spec_of
from tools_app.functions.naming import function_names
from tools_app.models import AgentTool, ToolFunction


def things_to_say(agent: Agent) -> list[str]:
    """Sentences that are understood by ear, those for the agent's functions first."""
    return phrases(functions_of(agent))


def functions_of(agent: Agent) -> Sequence[Function]:
    """The functions that the agent's model is offered, in two queries."""
    usable = ToolFunction.objects.filter(removed_at__isnull=True, rejection="")
    offered = Prefetch("platform_tool__functions", usable, to_attr="usable")
    tools = AgentTool.objects.filter(agent=agent, is_active=True)
    rows = {
        tool.name: _ticked(tool)
        for tool in tools.select_related("platform_tool").prefetch_related(offered)
    }
    names = function_names({n: [row.name for row in f] for n, f in rows.items()})
    return [
        _function(row, names[tool, row.name])
        for tool, functions in rows.items()
        for row in functions
    ]


def _ticked(tool: AgentTool) -> list[ToolFunction]:
    rows: list[ToolFunction] = tool.platform_tool.usable  # type: ignore[attr-defined]
    return [row for row in rows if row.name not in tool.unselected_functions]


def _function(row: ToolFunction, name: str) -> Function:
    """As the model is told about it."""
    declaration = declare(spec_of(row))
    return Function(name, row.description, declaration.get("parameters", {}))
