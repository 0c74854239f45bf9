"""Where the pages about an agent are."""

from django.urls import NoReverseMatch, reverse

from agents_app.models import Agent


def talk_url(agent: Agent) -> str:
    """Where staff talk to the agent; empty when it takes no calls, or nobody offers."""
    return _page("talk", agent)


def calling_url(agent: Agent) -> str:
    """Where staff let the agent call a number; empty for the same reasons."""
    return _page("call_a_number", agent)


def _page(name: str, agent: Agent) -> str:
    """The pages belong to an app that imports this one: only their names are known."""
    try:
        return reverse(f"admin:{name}", args=[agent.pk]) if agent.takes_calls else ""
    except NoReverseMatch:
        return ""
