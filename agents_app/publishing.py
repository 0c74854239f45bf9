"""Publishing an agent: the next call hears it, with its lines spoken ahead."""

from django.db import transaction

from accounts.models import User
from agents_app.models import Agent, AgentVersion
from agents_app.tasks import make_speech


def publish(agent: Agent, *, by: User | None = None) -> AgentVersion:
    """Publish the working copy, and have its lines spoken once that is committed."""
    version = agent.publish(by=by)
    # Robust: published is published, even while the task queue is down. A sweep makes
    # the missing lines later.
    transaction.on_commit(lambda: make_speech.delay(version.pk), robust=True)
    return version


def restore(agent: Agent, version: AgentVersion, *, by: User | None = None) -> None:
    """Publish an earlier version again, as the newest."""
    agent.restore(version)
    publish(agent, by=by)
