"""What comes of an agent's tool with its settings: can it be made, what does it tell.

Pages cannot know, for only the tool's own code does. So Celery looks after staff
changed something, and `sync_tools` after the code changed.
"""

from typing import Any

from django.db.models import QuerySet

from tools_app.functions.declarations import declare
from tools_app.functions.descriptions import spec_of
from tools_app.models import AgentTool, Kind
from tools_app.running.broken import BrokenTool
from tools_app.running.loading import load_tool
from tools_app.running.tool import RunningTool


def look_at(tools: QuerySet[AgentTool]) -> None:
    """Look at these, of which something changed: what earlier tests found of them does
    not count any more."""
    for tool in tools.filter(platform_tool__kind=Kind.CODE):
        running = load_tool(tool.pk).running
        if isinstance(running, BrokenTool):
            tool.note_look(fault=running.detail)
        else:
            tool.note_look(told=_told(tool, running))


def _told(tool: AgentTool, running: RunningTool) -> dict[str, Any]:
    """The declarations that its settings change, by function."""
    rows = tool.platform_tool.functions.filter(removed_at=None)
    plain = {row.name: spec_of(row) for row in rows}
    return {s.name: declare(s) for s in running.specs if s != plain.get(s.name)}
