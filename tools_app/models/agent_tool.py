"""The tools that an agent was given, and the secrets that they work with."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import Organization, OwnedQuerySet
from agents_app.models import Agent
from sealed.fields import SealedField
from tools_app.models.health import Checked, Health
from tools_app.models.ordered_json import OrderedJSONField
from tools_app.models.platform_tool import Kind, PlatformTool


class AgentToolQuerySet(OwnedQuerySet["AgentTool"]):
    """Agents' tools, owned through their agent."""

    organization_path = "agent__organization_id"


class AgentTool(Checked):
    """A tool in an agent's hands: its settings, its secrets, its limits.

    `name` tells two uses of one tool apart; functions are prefixed with it where two
    tools of an agent have one of the same name. Functions not listed as unselected are
    offered, new ones of a later version too. `told` are the declarations that its
    settings change, as they were when it was last looked at.
    """

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="tools")
    platform_tool = models.ForeignKey(
        PlatformTool, models.RESTRICT, related_name="agent_tools"
    )
    name = models.SlugField(max_length=40)
    config = models.JSONField(default=dict, blank=True)
    sensitive_config = SealedField(blank=True)
    secrets_set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    secrets_set_at = models.DateTimeField(null=True, editable=False)
    unselected_functions = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)
    timeout_seconds = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    max_per_call = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1)]
    )
    max_per_minute = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1)]
    )
    position = models.PositiveSmallIntegerField(default=0)
    told = OrderedJSONField(default=dict, blank=True, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)

    objects = AgentToolQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "name"],
                name="tool_name_unique_in_agent",
                violation_error_message="This agent has a tool of this name already: "
                "choose another name.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.agent}"

    @property
    def is_unseen(self) -> bool:
        """Whether nobody knows what comes of its settings; of code only one cannot
        know without looking."""
        return self.platform_tool.kind == Kind.CODE and self.looked_at is None

    def note_look(self, *, told: dict[str, Any] | None = None, fault: str = "") -> None:
        """Write down what comes of it with its settings; a fault says why nothing does.

        Otherwise whether it works is to be tried anew.
        """
        now = timezone.now()
        self.note(
            told=told or {},
            looked_at=now,
            health=Health.BAD if fault else Health.UNKNOWN,
            health_detail=fault[:500],
            checked_at=now if fault else None,
        )

    def copy_to(self, agent: Agent) -> "AgentTool":
        """The same tool for another agent, its secrets still sealed; whether it works
        there nobody has looked at."""
        left = {"id", "agent_id", *(field.attname for field in Checked._meta.fields)}
        names = (field.attname for field in self._meta.concrete_fields)
        kept = {name: getattr(self, name) for name in names if name not in left}
        return AgentTool.objects.create(agent=agent, **kept)


class ToolSecretQuerySet(OwnedQuerySet["ToolSecret"]):
    """An organization's secrets."""


class ToolSecret(models.Model):
    """An organization's secrets for a tool: what its agents' tools use unless they
    have their own."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="tool_secrets"
    )
    platform_tool = models.ForeignKey(
        PlatformTool, models.CASCADE, related_name="secrets"
    )
    secrets = SealedField(blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    set_at = models.DateTimeField(null=True, editable=False)

    objects = ToolSecretQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "platform_tool"],
                name="one_secret_per_tool_and_organization",
                violation_error_message="This organization has secrets for this tool "
                "already: change those.",
            )
        ]

    def __str__(self) -> str:
        return f"Secrets of {self.organization} for {self.platform_tool}"
