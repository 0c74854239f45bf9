"""Trying out a tool from the admin: what was asked, what came of it."""

from django.conf import settings
from django.db import models

from accounts.models import OwnedQuerySet
from sealed.fields import SealedField
from tools_app.models.agent_tool import AgentTool


class ToolTrialQuerySet(OwnedQuerySet["ToolTrial"]):
    """Trials, owned through their agent."""

    organization_path = "agent_tool__agent__organization_id"


class ToolTrial(models.Model):
    """One press of *Test*: run by Celery with the tool's real secrets.

    Without a function it is the tool's own test. The arguments are sealed until they
    were used, and then forgotten: the report shows them redacted. `request_key` is a
    digest of what the page sent, so that sent again it is the same test.
    """

    agent_tool = models.ForeignKey(AgentTool, models.CASCADE, related_name="trials")
    function = models.CharField(max_length=120, blank=True)
    arguments = SealedField(blank=True)
    report = models.JSONField(null=True, editable=False)
    request_key = models.CharField(max_length=64, null=True)  # noqa: DJ001  unique where there is one
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = ToolTrialQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent_tool", "request_key"], name="test_of_one_request"
            )
        ]

    def __str__(self) -> str:
        return f"Test of {self.agent_tool}"
