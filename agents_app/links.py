"""Where the pages about an agent are."""

from django.urls import NoReverseMatch, reverse

from agents_app.models import Agent


def talk_url(agent: Agent) -> str:
    """Where staff talk to the agent; empty when it takes no calls or nobody offers it.

    The page belongs to an app that imports this one, so only its name is known here.
    """
    try:
        return reverse("admin:talk", args=[agent.pk]) if agent.takes_calls else ""
    except NoReverseMatch:
        return ""
