"""Tools as the platform knows them, and the functions that each has."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from accounts.models import Organization, OwnedQuerySet, Role, User
from tools_app.models.health import Checked
from tools_app.models.ordered_json import OrderedJSONField

KEY_IS_TAKEN = "There is a tool with this key already: choose another key."


class Kind(models.TextChoices):
    """Where a tool comes from."""

    CODE = "code", "Code: a Python class of this platform"
    HTTP = "http", "HTTP: one endpoint, described in a form"
    MCP = "mcp", "MCP: the functions of a server"


class PlatformToolQuerySet(OwnedQuerySet["PlatformTool"]):
    """Tools, selected by who may use them."""

    def for_user(self, user: User | AnonymousUser, *, role: Role = Role.VIEWER) -> Self:
        """Everybody's tools, and those of the user's organizations."""
        theirs = Organization.objects.for_user(user, role=role)
        return self.filter(
            models.Q(organization__isnull=True) | models.Q(organization__in=theirs)
        )

    def usable_in(self, organization_id: int) -> Self:
        """Those that an agent of this organization may be given."""
        mine = models.Q(organization__isnull=True) | models.Q(
            organization_id=organization_id
        )
        return self.filter(mine, removed_at__isnull=True)


class PlatformTool(Checked):
    """A tool that agents can be given: a Python class, an endpoint, an MCP server.

    `definition` is what staff wrote of an `http` or `mcp` tool. The schemas are JSON
    Schemas of its settings and of its secrets, from which the forms are made. Without
    an organization it is everybody's.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="tools"
    )
    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CODE)
    definition = OrderedJSONField(default=dict, blank=True)
    config_schema = OrderedJSONField(default=dict, blank=True)
    sensitive_schema = OrderedJSONField(default=dict, blank=True)
    requires_auth = models.BooleanField(default=False)
    auth_type = models.CharField(max_length=20, blank=True)
    oauth_provider = models.CharField(max_length=40, blank=True)
    version_hash = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    last_change = models.JSONField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PlatformToolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "tool"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"],
                name="tool_key_unique_in_organization",
                violation_error_message=KEY_IS_TAKEN,
            ),
            # Two constraints, because for a database one null is not another.
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(organization__isnull=True),
                name="tool_key_unique_for_everybody",
                violation_error_message=KEY_IS_TAKEN,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def secret_names(self) -> list[str]:
        """The secrets that it can be given, as its schema names them."""
        return list(self.sensitive_schema.get("properties", {}))


class ToolFunction(models.Model):
    """A function of a tool as the model is told about it.

    One that its tool does not have any more is marked, not deleted: calls name it.
    `rejection` says why the model would refuse its declaration; empty when it is fine.
    A name may be longer than a model takes, for then the row says so.
    """

    platform_tool = models.ForeignKey(
        PlatformTool, models.CASCADE, related_name="functions"
    )
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    parameters = OrderedJSONField(default=dict)
    is_side_effect = models.BooleanField(default=False)
    is_presumed = models.BooleanField(default=False)
    is_cacheable = models.BooleanField(default=False)
    secret_parameters = models.JSONField(default=list, blank=True)
    rejection = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["platform_tool", "name"], name="function_name_unique_in_tool"
            )
        ]

    def __str__(self) -> str:
        return self.name
