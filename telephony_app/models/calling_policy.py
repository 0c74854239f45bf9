"""What an organization may dial, and how much of it."""

from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import Organization, OwnedQuerySet
from telephony_app.opening_hours import validate_hours, validate_time_zone


class CallingPolicyQuerySet(OwnedQuerySet["CallingPolicy"]):
    """Policies, by organization."""

    def of(self, organization_id: int) -> "CallingPolicy":
        """The organization's policy; where there is none, one with every default."""
        found = self.filter(organization=organization_id).first()
        return found or CallingPolicy(organization_id=organization_id)


class CallingPolicy(models.Model):
    """An organization's limits. Without a row nobody is called at all.

    `countries` are regions as ISO 3166 writes them (`["US", "DE"]`). `calling_hours`
    (empty: any time) count in the time zone of the person called where the number tells
    it, else in `time_zone`. The same number is not called again within
    `cool_down_minutes`. `max_calls` bounds all calls at once, in and out; its default
    holds without a row, too.
    Recordings are deleted after `recordings_days`; without a row after its default.
    """

    organization = models.OneToOneField(
        Organization, models.CASCADE, related_name="calling_policy"
    )
    may_call_out = models.BooleanField("Calls out", default=False)
    countries = models.JSONField(default=list, blank=True)
    calls_per_minute = models.PositiveIntegerField(
        default=10, validators=[MinValueValidator(1)]
    )
    minutes_per_day = models.PositiveIntegerField(
        default=120, validators=[MinValueValidator(1)]
    )
    cool_down_minutes = models.PositiveIntegerField(default=5)
    calling_hours = models.TextField(
        blank=True, default="Mon-Sat 08:00-21:00", validators=[validate_hours]
    )
    time_zone = models.CharField(
        max_length=64, default="UTC", validators=[validate_time_zone]
    )
    max_calls = models.PositiveIntegerField(
        default=50, validators=[MinValueValidator(1)]
    )
    recordings_days = models.PositiveIntegerField(
        "Days that recordings are kept",
        default=90,
        validators=[MinValueValidator(1)],
    )

    objects = CallingPolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "calling policies"

    def __str__(self) -> str:
        return f"What {self.organization} may dial"
