"""An agent as staff edit it; calls run its published version."""

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from pydantic import ValidationError as ConfigError

from accounts.models import Organization, OwnedQuerySet, Role, User
from agents_app.config import LANGUAGES, MODELS, VOICE_LABELS, AgentConfig, mend, tidy

if TYPE_CHECKING:
    from agents_app.models.version import AgentVersion


def config_default(field: str) -> Any:
    """The default of a config field, for the column that mirrors it."""
    return AgentConfig.model_fields[field].default


class Status(models.TextChoices):
    """Where an agent stands, for people."""

    UNPUBLISHED = "unpublished", "Never published"
    INACTIVE = "inactive", "Inactive"
    DRAFT = "draft", "Active, draft waiting"
    ACTIVE = "active", "Active"


class AgentQuerySet(OwnedQuerySet["Agent"]):
    """Agents, selected by what a page or a call may do with them."""

    def active(self) -> Self:
        """Those that take calls: switched on, and published at least once."""
        return self.filter(is_active=True, published_version__isnull=False)

    def marked_for(self, user: User) -> Self:
        """Each with `may_change`: whether this user may edit it and try it out."""
        theirs = Organization.objects.for_user(user, role=Role.EDITOR)
        return self.annotate(may_change=models.Q(organization__in=theirs.values("pk")))

    def switch(self, *, on: bool) -> int:
        """Let them take calls, or stop it; how many were not so already."""
        return self.filter(is_active=not on).update(
            is_active=on, updated_at=timezone.now()
        )


class Agent(models.Model):
    """A phone agent as staff edit it; calls run its published version.

    The columns named in `AgentConfig` are the working copy: what differs from the
    published version is a draft.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="agents"
    )
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    system_prompt = models.TextField(default=config_default("system_prompt"))
    variables = models.JSONField(default=dict, blank=True)
    greeting = models.TextField(default=config_default("greeting"))
    voice = models.CharField(
        max_length=40, choices=VOICE_LABELS, default=config_default("voice")
    )
    model = models.CharField(
        max_length=80, choices=MODELS, default=config_default("model")
    )
    language = models.CharField(
        max_length=10, choices=LANGUAGES, default=config_default("language")
    )
    temperature = models.FloatField(default=config_default("temperature"))
    max_call_seconds = models.PositiveIntegerField(
        default=config_default("max_call_seconds")
    )
    silence_seconds = models.PositiveIntegerField(
        default=config_default("silence_seconds")
    )
    filler = models.TextField(default=config_default("filler"))
    silence_question = models.TextField(default=config_default("silence_question"))
    farewell = models.TextField(default=config_default("farewell"))
    unavailable_message = models.TextField(
        default=config_default("unavailable_message")
    )
    busy_message = models.TextField(default=config_default("busy_message"))
    closed_message = models.TextField(default=config_default("closed_message"))
    resume_message = models.TextField(default=config_default("resume_message"))
    voicemail_message = models.TextField(
        blank=True, default=config_default("voicemail_message")
    )
    record_calls = models.BooleanField(default=config_default("record_calls"))
    recording_notice = models.TextField(default=config_default("recording_notice"))
    published_version = models.ForeignKey(
        "AgentVersion",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="published_for",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="agent_name_unique_in_organization",
                violation_error_message="This organization already has an agent of "
                "this name: choose another name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_calls(self) -> bool:
        """Whether a caller is put through: switched on, and published at least once."""
        return self.is_active and self.published_version_id is not None

    @property
    def status(self) -> Status:
        """Where the agent stands, most hindering first."""
        if self.published_version is None:
            return Status.UNPUBLISHED
        if not self.is_active:
            return Status.INACTIVE
        return Status.DRAFT if self.has_draft else Status.ACTIVE

    @property
    def values(self) -> dict[str, Any]:
        """The working copy, usable or not, by the names of the config."""
        return {name: tidy(getattr(self, name)) for name in AgentConfig.model_fields}

    @property
    def config(self) -> AgentConfig:
        """The working copy as a config; raises pydantic's error when it is unusable."""
        return AgentConfig(**self.values)

    @property
    def has_draft(self) -> bool:
        """Whether the working copy differs from what callers hear."""
        version = self.published_version
        return version is None or version.values != self.values

    def clean(self) -> None:
        """Check the working copy by the one contract, errors at their fields."""
        try:
            _ = self.config
        except ConfigError as error:
            raise ValidationError(
                {str(e["loc"][0]): mend(e) for e in error.errors()}
            ) from error

    @transaction.atomic
    def publish(self, *, by: User | None = None) -> "AgentVersion":
        """Make the working copy what the next call hears, and keep it as a version.

        Nothing changed means no new version.
        """
        Agent.objects.select_for_update().only("pk").get(pk=self.pk)
        if self.published_version and not self.has_draft:
            return self.published_version
        last = self.versions.order_by("-number").first()
        version = self.versions.create(
            number=last.number + 1 if last else 1,
            raw_config=self.config.model_dump(mode="json"),
            published_by=by,
        )
        self.published_version = version
        self.save(update_fields=["published_version", "updated_at"])
        return version

    def restore(self, version: "AgentVersion") -> None:
        """Take the working copy back to a version; callers hear it once published.

        Raises ValidationError when the version would no longer be accepted, because
        its model is gone or its name is taken.
        """
        for name, value in version.values.items():
            setattr(self, name, value)
        self.full_clean()
        self.save()

    def discard_draft(self) -> None:
        """Take the working copy back to what callers hear, if they hear anything."""
        if self.published_version:
            self.restore(self.published_version)

    def duplicate(self) -> "Agent":
        """An inactive, unpublished copy under a free name, usable or not."""
        names = set(
            Agent.objects.filter(organization=self.organization).values_list(
                "name", flat=True
            )
        )
        numbered = (f"{self.name[:70]} (copy {n})" for n in range(2, len(names) + 3))
        candidates = [f"{self.name[:70]} (copy)", *numbered]
        values = self.values | {
            "name": next(name for name in candidates if name not in names)
        }
        return Agent.objects.create(
            organization=self.organization,
            description=self.description,
            is_active=False,
            **values,
        )
