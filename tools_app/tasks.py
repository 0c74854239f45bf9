"""What Celery does for tools: ask MCP servers for theirs, look at them, try them.

Python tools are written by the command and after `migrate`, which see what is installed
now: a worker that runs for days would take away a tool that is newer than itself.
Where LiveKit's libraries are loaded is inside the tasks: the web process sends these,
and does not carry them.
"""

from celery import shared_task


@shared_task
def check_mcp_servers() -> None:
    """See which MCP servers answer, and what they have now; beat sends it."""
    from tools_app.sync import sync_mcp_servers

    for _ in sync_mcp_servers():
        pass


@shared_task
def sync_mcp_server(tool_id: int) -> None:
    """Ask one MCP server for its functions, for staff who wait for them."""
    from tools_app.models import PlatformTool
    from tools_app.sync import sync_mcp_servers

    for _ in sync_mcp_servers(PlatformTool.objects.filter(pk=tool_id)):
        pass


@shared_task
def look_at_agent_tools(ids: list[int]) -> None:
    """See what comes of agents' tools with their settings, which somebody changed."""
    from tools_app.models import AgentTool
    from tools_app.running.looking import look_at

    look_at(AgentTool.objects.filter(pk__in=ids))


@shared_task
def try_tool(trial_id: int) -> None:
    """Run a trial that staff asked for, once."""
    from tools_app.trial.trial import run_trial

    run_trial(trial_id)
