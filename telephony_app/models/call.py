"""A call: who spoke with whom, how far it got, and why it ended."""

import uuid
from contextlib import suppress
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from pydantic import ValidationError

from accounts.models import Organization, OwnedQuerySet
from agents_app.config import LONGEST_CALL_SECONDS
from agents_app.models import Agent, AgentVersion
from telephony_app.models.phone_number import PhoneNumber
from telephony_app.models.worker import WorkerHeartbeat


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
    NO_AGENT = "no_agent", "No agent answers this number"
    CLOSED = "closed", "Outside opening hours"
    NO_PLACE = "no_place", "All lines were busy"
    LIVEKIT_UNREACHABLE = "livekit_unreachable", "The media server was unreachable"
    BAD_CONFIG = "bad_config", "The agent's settings are not usable"
    MODEL_UNAVAILABLE = "model_unavailable", "The model was unreachable"
    WORKER_LOST = "worker_lost", "The voice worker died"
    STAFF_ENDED = "staff_ended", "Ended by staff"
    TRANSFERRED = "transferred", "Put through to a person"
    VOICEMAIL = "voicemail", "A voicemail answered"
    AGENT_HUNG_UP = "agent_hung_up", "The agent hung up"
    SILENCE = "silence", "The caller fell silent"
    MAX_LENGTH = "max_length", "The maximum length was reached"
    ERROR = "error", "Something broke"
    BUSY = "busy", "The line was busy"
    NO_ANSWER = "no_answer", "Nobody picked up"
    DECLINED = "declined", "The call was declined"
    INVALID_NUMBER = "invalid_number", "The number does not exist"
    PROVIDER_REFUSED = "provider_refused", "The provider refused the call"
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
        Cause.PROVIDER_REFUSED,
        Cause.NOT_ANSWERED,
    }
)


class CallQuerySet(OwnedQuerySet["Call"]):
    """Calls, selected by where they stand."""

    def open(self) -> Self:
        """Those that have not ended."""
        return self.exclude(state=State.ENDED)


class Call(models.Model):
    """One conversation, from the first request to the last word.

    Of a phone call `phone_number` is ours, `caller` and `callee` are E.164 numbers (or
    what the network gave: `anonymous`), `call_sid` is Twilio's name of the caller's own
    leg and `sip_status` the answer to our INVITE. `transferred_to` is a number or SIP
    address (see `telephony_app.calls.transfers`). `agent` is empty when nobody was set
    to answer. `variables` fill an outgoing call's prompt and greeting;
    `dial_claimed_at` is when a worker took it upon itself to dial, which happens once.
    `request_key` is a digest of what the client called its request, so that a repeated
    one is the same call; a call that could not be opened gives it back.
    """

    class Direction(models.TextChoices):
        """How the caller came."""

        WEB = "web", "Browser"
        INBOUND = "inbound", "Phone, incoming"
        OUTBOUND = "outbound", "Phone, outgoing"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="calls")
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="calls")
    version = models.ForeignKey(
        AgentVersion, models.SET_NULL, null=True, related_name="calls"
    )
    direction = models.CharField(max_length=10, choices=Direction)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    phone_number = models.ForeignKey(
        PhoneNumber, models.SET_NULL, null=True, related_name="calls"
    )
    caller = models.CharField(max_length=64, blank=True)
    callee = models.CharField(max_length=64, blank=True)
    call_sid = models.CharField(max_length=34, unique=True, null=True)  # noqa: DJ001  unique where there is one
    variables = models.JSONField(default=dict)
    request_key = models.CharField(max_length=64, null=True)  # noqa: DJ001  the same
    dial_claimed_at = models.DateTimeField(null=True)
    sip_status = models.PositiveSmallIntegerField(null=True)
    transferred_to = models.CharField(max_length=255, blank=True)
    billed_seconds = models.PositiveIntegerField(null=True)
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
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "request_key"], name="call_of_one_request"
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="call_newest_first"),
            models.Index(fields=["agent", "-created_at"], name="call_newest_of_agent"),
            models.Index(
                fields=["phone_number", "-created_at"], name="call_newest_of_number"
            ),
            models.Index(
                fields=["caller", "-created_at"],
                name="call_newest_of_caller",
                condition=models.Q(direction="inbound"),
            ),
            models.Index(
                fields=["organization", "-created_at"],
                name="call_newest_going_out",
                condition=models.Q(direction="outbound"),
            ),
            models.Index(
                fields=["state"],
                name="call_open",
                condition=~models.Q(state="ended"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent or self.callee} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def comes_in(self) -> bool:
        """Whether somebody called one of our numbers."""
        return self.direction == self.Direction.INBOUND

    @property
    def goes_out(self) -> bool:
        """Whether the agent calls somebody."""
        return self.direction == self.Direction.OUTBOUND

    @property
    def is_being_transferred(self) -> bool:
        """Whether the caller is on the way to a person, who may not answer."""
        return self.state != State.ENDED and bool(self.transferred_to)

    @property
    def limit_seconds(self) -> int:
        """How long it may take; without a version that can be read, as long as any."""
        with suppress(ValidationError):
            if self.version:
                return self.version.config.max_call_seconds
        return LONGEST_CALL_SECONDS

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
