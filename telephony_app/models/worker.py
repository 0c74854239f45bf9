"""A voice worker, as it says of itself."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

# A worker writes its heartbeat every second; three missed ones mean that it is gone.
HEARTBEAT_FRESH = timedelta(seconds=3)


class WorkerQuerySet(models.QuerySet["WorkerHeartbeat"]):
    """Workers, selected by whether they can carry a call."""

    def alive(self) -> Self:
        """Those whose heartbeat is fresh."""
        return self.filter(seen_at__gte=timezone.now() - HEARTBEAT_FRESH)

    def with_place(self) -> Self:
        """Those that hold fewer calls than they have places."""
        is_open = models.Q(calls__isnull=False) & ~models.Q(calls__state="ended")
        held = models.Count("calls", filter=is_open)
        return self.alias(held=held).filter(held__lt=models.F("places"))


class WorkerHeartbeat(models.Model):
    """A voice worker's sign of life, written every second by the worker itself."""

    name = models.CharField(max_length=120, unique=True)
    agent_name = models.CharField(max_length=60)
    places = models.PositiveIntegerField()
    live = models.PositiveIntegerField(default=0)
    is_draining = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        verbose_name = "worker"

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        """Whether the worker was heard of lately."""
        return self.seen_at >= timezone.now() - HEARTBEAT_FRESH
