"""What the demo agent can do besides talking."""

from agents_app.models import Agent
from tools_app.models import AgentTool, PlatformTool

END_CALL = "end_call"


def give_end_call(agent: Agent) -> None:
    """Let it hang up after the goodbye, where that tool is installed."""
    tools = PlatformTool.objects.usable_in(agent.organization_id)
    for tool in tools.filter(key=END_CALL, organization=None):
        AgentTool.objects.create(agent=agent, platform_tool=tool, name=END_CALL)
