"""The sound of a call, kept privately."""

from django.db import models
from django.utils import timezone

from accounts.models import OwnedQuerySet
from telephony_app.models.call import Call


class RecordingQuerySet(OwnedQuerySet["Recording"]):
    """Recordings, by the organization of their call."""

    organization_path = "call__organization_id"


class Recording(models.Model):
    """One recording of a call: made by Twilio for phone calls, by the worker else.

    `key` is what its maker calls it, so that a repeated report makes no second row:
    Twilio's recording SID, or the worker's job id. `file` is empty until it was
    fetched. `is_due` while something is still to be done at Twilio: to fetch it, or to
    delete it there. `problem` says why nobody tries that any more, or why the file
    cannot be deleted.
    """

    class Source(models.TextChoices):
        """Who recorded."""

        TWILIO = "twilio", "Twilio"
        WORKER = "worker", "Voice worker"

    call = models.ForeignKey(Call, models.CASCADE, related_name="recordings")
    source = models.CharField(max_length=8, choices=Source)
    key = models.CharField(max_length=80, unique=True)
    file = models.FileField(upload_to="recordings/%Y/%m", blank=True)
    seconds = models.PositiveIntegerField(null=True)
    is_due = models.BooleanField(default=False)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"Recording of {self.call}"
