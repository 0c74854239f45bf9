"""What an agent's copy can do besides talking: the same."""

from agents_app.models import Agent


def copy_tools(agent: Agent, copy: Agent) -> None:
    """Give the copy every tool of the agent, with its settings and secrets."""
    for tool in agent.tools.all():
        tool.copy_to(copy)
