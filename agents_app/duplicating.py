"""A copy of an agent, with what other apps gave it."""

from collections.abc import Callable

from django.db import transaction

from agents_app.models import Agent

BELONGINGS: list[Callable[[Agent, Agent], None]] = []
"""How apps that import this one copy what an agent has of theirs to its copy; each adds
itself when ready."""


@transaction.atomic
def duplicate(agent: Agent) -> Agent:
    """An inactive, unpublished copy under a free name."""
    copy = agent.duplicate()
    for bring in BELONGINGS:
        bring(agent, copy)
    return copy
