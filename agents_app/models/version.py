"""What callers hear: an agent as it was published."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from agents_app.config import AgentConfig
from agents_app.models.agent import Agent


class AgentVersion(models.Model):
    """A published picture of an agent. A call keeps the version it ran with."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    raw_config = models.JSONField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "number"], name="version_number_unique_per_agent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent.name}, version {self.number}"

    @property
    def values(self) -> dict[str, Any]:
        """The picture by the names of today's config, usable or not."""
        return {
            name: self.raw_config.get(name, field.default)
            for name, field in AgentConfig.model_fields.items()
        }

    @property
    def config(self) -> AgentConfig:
        """The picture, parsed; raises pydantic's error when it no longer fits."""
        return AgentConfig.model_validate(self.raw_config)
