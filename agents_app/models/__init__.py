"""What an agent is: the editable agent, its published versions, its spoken lines."""

from agents_app.models.agent import Agent, AgentQuerySet, Status
from agents_app.models.spoken_line import SpokenLine
from agents_app.models.version import AgentVersion

__all__ = ["Agent", "AgentQuerySet", "AgentVersion", "SpokenLine", "Status"]
