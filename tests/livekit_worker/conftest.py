"""The worker's cast: a call that a caller is waiting in."""

import pytest

from agents_app.models import Agent
from telephony_app.models import Call, State


@pytest.fixture
def call(agent: Agent) -> Call:
    """A browser call whose room is made and whose agent is on the way."""
    return Call.objects.create(
        organization=agent.organization,
        agent=agent,
        version=agent.published_version,
        direction=Call.Direction.WEB,
        room=f"agent-{agent.pk}-web-0123456789",
        state=State.DISPATCHING,
        dispatches=1,
    )
