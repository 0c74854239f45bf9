"""A telephone number and who answers it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import Organization, OwnedQuerySet
from agents_app.models import Agent
from telephony_app.e164 import spaced, validate_e164
from telephony_app.findings import Finding, Severity, worst
from telephony_app.models.checked import Checked
from telephony_app.opening_hours import is_open, validate_hours, validate_time_zone


class PhoneNumberQuerySet(OwnedQuerySet["PhoneNumber"]):
    """Numbers, selected by whether they ring."""

    def active(self) -> Self:
        """Those that are switched on."""
        return self.filter(is_active=True)


class PhoneNumber(Checked):
    """A number that callers dial, and that calls go out from.

    It goes before its organization does: at Twilio a number that nobody lets go of
    asks us for ever. `forward_to` is a person who takes the call when no agent can.
    `health` is what the doctor's last visit came to.
    """

    class Health(models.TextChoices):
        """What the doctor's last visit came to."""

        UNKNOWN = "unknown", "Not checked yet"
        WELL = "well", "Works"
        ILL = "ill", "Does not work"

    organization = models.ForeignKey(
        Organization, models.RESTRICT, related_name="phone_numbers"
    )
    number = models.CharField(max_length=16, unique=True, validators=[validate_e164])
    label = models.CharField(max_length=80, blank=True)
    agent = models.ForeignKey(
        Agent,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="phone_numbers",
    )
    is_active = models.BooleanField(default=True)
    forward_to = models.CharField(max_length=16, blank=True, validators=[validate_e164])
    max_calls = models.PositiveIntegerField(
        default=10, validators=[MinValueValidator(1)]
    )
    opening_hours = models.TextField(blank=True, validators=[validate_hours])
    time_zone = models.CharField(
        max_length=64, default="UTC", validators=[validate_time_zone]
    )
    twilio_sid = models.CharField(max_length=34, blank=True, editable=False)
    health = models.CharField(
        max_length=8, choices=Health, default=Health.UNKNOWN, editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PhoneNumberQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]

    def __str__(self) -> str:
        return f"{self.label} {self.pretty}".strip()

    @property
    def pretty(self) -> str:
        """The number as people read it: `+1 555-000-2222`."""
        return spaced(self.number)

    def is_open(self, at: datetime) -> bool:
        """Whether calls are answered at that moment."""
        return is_open(self.opening_hours, at, self.time_zone)

    def note(self, found: Sequence[Finding]) -> None:
        """Write down what the doctor found, and what it comes to."""
        is_ill = worst(found) is Severity.BAD
        self.health = self.Health.ILL if is_ill else self.Health.WELL
        self._write("health")
        super().note(found)

    def clean(self) -> None:
        """The agent is of the same organization; forwarding leads elsewhere."""
        if self.agent and self.agent.organization_id != self.organization_id:
            raise ValidationError(
                {"agent": "This agent belongs to another organization: choose another."}
            )
        if self.forward_to and self.forward_to == self.number:
            raise ValidationError(
                {"forward_to": "This is the number itself: name another one."}
            )
