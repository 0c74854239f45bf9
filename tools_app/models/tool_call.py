"""What tools did during calls, and how it went."""

from django.db import models

from accounts.models import OwnedQuerySet
from telephony_app.models import Call
from tools_app.models.agent_tool import AgentTool


class Outcome(models.TextChoices):
    """How a tool call went."""

    RUNNING = "running", "Running"
    DONE = "done", "Done"
    INVALID = "invalid", "Wrong arguments"
    FAILED = "failed", "Failed"
    TIMED_OUT = "timed_out", "Took too long"
    REFUSED = "refused", "Refused"
    BROKEN = "broken", "The tool broke"

    @property
    def is_failure(self) -> bool:
        """Whether the caller did not get what the function is for."""
        return self not in (Outcome.RUNNING, Outcome.DONE)


class ToolCallQuerySet(OwnedQuerySet["ToolCall"]):
    """Tool calls, owned through their call."""

    organization_path = "call__organization_id"


class ToolCall(models.Model):
    """One function call of a model: what was asked (redacted), what came of it.

    `key` is the call's own name for it, so that writing it twice makes one row. A
    `was_repeated` one was answered from an earlier run; a `was_cancelled` one was cut
    off by the caller speaking, and its result came too late to be spoken. Requests of
    one function with the same arguments have the same `fingerprint`, which tells
    nothing of them.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="tool_calls")
    agent_tool = models.ForeignKey(
        AgentTool, models.SET_NULL, null=True, related_name="tool_calls"
    )
    key = models.CharField(max_length=80)
    tool_name = models.CharField(max_length=80, blank=True)
    function = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.RUNNING)
    result = models.TextField(blank=True)
    error = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(null=True)
    was_repeated = models.BooleanField(default=False)
    was_cancelled = models.BooleanField(default=False)

    objects = ToolCallQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="tool_call_newest_first")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "key"], name="tool_call_counts_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.function}: {self.get_outcome_display()}"
