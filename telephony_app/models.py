"""A call and what is kept of it: turns, events, and the workers that carry calls."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Organization, OwnedQuerySet
from agents_app.models import Agent, AgentVersion

# A worker writes its heartbeat every second; three missed ones mean that it is gone.
HEARTBEAT_FRESH = timedelta(seconds=3)


class State(models.TextChoices):
    """How far a call got. It only moves forward, in this order."""

    CREATED = "created", "Created"
    DISPATCHING = "dispatching", "Waiting for the agent"
    RINGING = "ringing", "Ringing"
    IN_PROGRESS = "in_progress", "In progress"
    ENDED = "ended", "Ended"

    @property
    def rank(self) -> int:
        """The place in the order, from 0."""
        return list(State).index(self)


class Cause(models.TextChoices):
    """Why a call ended. The order is precedence: the first that was reported counts."""

    AGENT_INACTIVE = "agent_inactive", "The agent is switched off or unpublished"
    NO_PLACE = "no_place", "All lines were busy"
    LIVEKIT_UNREACHABLE = "livekit_unreachable", "The media server was unreachable"
    BAD_CONFIG = "bad_config", "The agent's settings are not usable"
    MODEL_UNAVAILABLE = "model_unavailable", "The model was unreachable"
    WORKER_LOST = "worker_lost", "The voice worker died"
    STAFF_ENDED = "staff_ended", "Ended by staff"
    AGENT_HUNG_UP = "agent_hung_up", "The agent hung up"
    SILENCE = "silence", "The caller fell silent"
    MAX_LENGTH = "max_length", "The maximum length was reached"
    ERROR = "error", "Something broke"
    CALLER_HUNG_UP = "caller_hung_up", "The caller hung up"
    CALLER_LOST = "caller_lost", "The caller's connection was lost"
    NOT_ANSWERED = "not_answered", "No agent came"
    ABANDONED = "abandoned", "The caller never came"
    ROOM_CLOSED = "room_closed", "The room was closed"

    @property
    def rank(self) -> int:
        """The place in the order of precedence, from 0."""
        return list(Cause).index(self)

    @property
    def is_failure(self) -> bool:
        """Whether the platform let the caller down."""
        return self in FAILURES


FAILURES = frozenset(
    {
        Cause.NO_PLACE,
        Cause.LIVEKIT_UNREACHABLE,
        Cause.BAD_CONFIG,
        Cause.MODEL_UNAVAILABLE,
        Cause.WORKER_LOST,
        Cause.ERROR,
        Cause.NOT_ANSWERED,
    }
)


class WorkerQuerySet(models.QuerySet["WorkerHeartbeat"]):
    """Workers, selected by whether they can carry a call."""

    def alive(self, *, now: datetime | None = None) -> Self:
        """Those whose heartbeat is fresh."""
        return self.filter(seen_at__gte=(now or timezone.now()) - HEARTBEAT_FRESH)


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


class CallQuerySet(OwnedQuerySet["Call"]):
    """Calls, selected by where they stand."""

    def open(self) -> Self:
        """Those that have not ended."""
        return self.exclude(state=State.ENDED)


class Call(models.Model):
    """One conversation, from the first request to the last word."""

    class Direction(models.TextChoices):
        """How the caller came."""

        WEB = "web", "Browser"
        INBOUND = "inbound", "Phone, incoming"
        OUTBOUND = "outbound", "Phone, outgoing"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="calls")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="calls")
    version = models.ForeignKey(
        AgentVersion, models.SET_NULL, null=True, related_name="calls"
    )
    direction = models.CharField(max_length=10, choices=Direction)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    room = models.CharField(max_length=256, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.CREATED)
    cause = models.CharField(max_length=24, choices=Cause, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    worker = models.ForeignKey(
        WorkerHeartbeat, models.SET_NULL, null=True, related_name="calls"
    )
    dispatches = models.PositiveIntegerField(default=0)
    dispatched_at = models.DateTimeField(null=True)
    usage = models.JSONField(default=dict)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="call_newest_first"),
            models.Index(fields=["agent", "-created_at"], name="call_newest_of_agent"),
            models.Index(
                fields=["state"],
                name="call_open",
                condition=~models.Q(state="ended"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> int | None:
        """How long they talked; None when nobody answered."""
        if self.answered_at is None:
            return None
        return max(
            0,
            round(
                ((self.ended_at or timezone.now()) - self.answered_at).total_seconds()
            ),
        )


class CallEvent(models.Model):
    """A report about a call, counted once. A call's state is computed from its events.

    `dedupe_key` is what the reporter calls the report, so a repeated webhook or a
    second reconciliation changes nothing.
    """

    class Kind(models.TextChoices):
        """What was reported."""

        ROOM_MADE = "room_made", "Room made, agent called"
        CALLER_JOINED = "caller_joined", "Caller joined"
        AGENT_JOINED = "agent_joined", "Agent joined"
        ANSWERED = "answered", "Agent spoke"
        CALLER_LEFT = "caller_left", "Caller left"
        AGENT_LOST = "agent_lost", "Agent lost"
        REDISPATCHED = "redispatched", "Agent called again"
        MODEL_RECONNECTED = "model_reconnected", "Model reconnected"
        PROBLEM = "problem", "Problem"
        ENDED = "ended", "Ended"

    call = models.ForeignKey(Call, models.CASCADE, related_name="events")
    source = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=Kind)
    dedupe_key = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()
    cause = models.CharField(max_length=24, choices=Cause, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.source})"


class Turn(models.Model):
    """What one side said once, written through while it is being said.

    Ordered by when the speech began, never by when the text arrived: a model commits
    a caller's words only after its own answer.
    """

    class Speaker(models.TextChoices):
        """Who spoke."""

        CALLER = "caller", "Caller"
        AGENT = "agent", "Agent"

    call = models.ForeignKey(Call, models.CASCADE, related_name="turns")
    item_id = models.CharField(max_length=80)
    speaker = models.CharField(max_length=8, choices=Speaker)
    text = models.TextField()
    is_final = models.BooleanField(default=False)
    is_typed = models.BooleanField(default=False)
    was_interrupted = models.BooleanField(default=False)
    spoken_from = models.DateTimeField()
    spoken_to = models.DateTimeField(null=True)
    latency_ms = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["spoken_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "item_id"], name="turn_item_unique_per_call"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_speaker_display()}: {self.text[:60]}"
