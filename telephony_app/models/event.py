"""What was reported of a call."""

from django.db import models

from telephony_app.models.call import Call, Cause


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
        DIALED = "dialed", "Dialled"
        LINE_RINGING = "line_ringing", "The phone rings"
        PICKED_UP = "picked_up", "Somebody picked up"
        TRANSFERRED = "transferred", "Put through"
        RETURNED = "returned", "Came back to the agent"
        RECORDED = "recorded", "Recording stored"
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
