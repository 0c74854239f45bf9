"""Whether a tool works, as the last look at it found."""

from typing import Any

from django.db import models
from django.utils import timezone


class Health(models.TextChoices):
    """What the last look at a tool found."""

    UNKNOWN = "unknown", "Not looked at yet"
    GOOD = "good", "Works"
    BAD = "bad", "Does not work"


class Checked(models.Model):
    """A row whose tool is looked at now and then. The detail is for staff, and holds no
    secret."""

    health = models.CharField(
        max_length=8, choices=Health, default=Health.UNKNOWN, editable=False
    )
    health_detail = models.CharField(max_length=500, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def note_health(self, health: Health, detail: str = "") -> None:
        """Write down what a look at it found, unless it was deleted meanwhile."""
        self.note(health=health, health_detail=detail[:500], checked_at=timezone.now())

    def note(self, **found: Any) -> None:
        """Write these columns alone, here and in the database."""
        for name, value in found.items():
            setattr(self, name, value)
        type(self)._base_manager.filter(pk=self.pk).update(**found)
