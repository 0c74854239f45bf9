"""What the API says of calls and turns, and what it takes for a voice session."""

from typing import Any

from rest_framework import serializers

from agents_app.models import Agent
from telephony_app.models import Call, Turn
from telephony_app.recordings.api import RecordingSerializer

BIGGEST_ID = 2**63 - 1


class VoiceSessionRequest(serializers.Serializer[None]):
    """Whom the person in the browser wants to talk with."""

    agent_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)


class TurnSerializer(serializers.ModelSerializer[Turn]):
    """What one side said; times in ISO 8601, latency in milliseconds."""

    class Meta:
        model = Turn
        fields = [
            "speaker",
            "text",
            "is_final",
            "is_typed",
            "was_interrupted",
            "spoken_from",
            "spoken_to",
            "latency_ms",
        ]


class AgentNameSerializer(serializers.ModelSerializer[Agent]):
    """The agent of a call, by id and name."""

    class Meta:
        model = Agent
        fields = ["id", "name"]


class CallSerializer(serializers.ModelSerializer[Call]):
    """A call with all its turns, in the order in which they were begun.

    `from` and `to` are telephone numbers, empty in a browser's call; `sip_status` is
    what the network answered to a call out, or the SIP bridge to one that came in.
    `billed_seconds` are the provider's.
    """

    agent = AgentNameSerializer()
    version = serializers.IntegerField(source="version.number", default=None)
    cause_label = serializers.CharField(source="get_cause_display")
    to = serializers.CharField(source="callee")
    turns = TurnSerializer(many=True)
    recordings = RecordingSerializer(many=True)

    class Meta:
        model = Call
        fields = [
            "id",
            "direction",
            "to",
            "agent",
            "version",
            "variables",
            "state",
            "cause",
            "cause_label",
            "error",
            "sip_status",
            "billed_seconds",
            "created_at",
            "answered_at",
            "ended_at",
            "seconds",
            "transferred_to",
            "turns",
            "recordings",
        ]

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is no name for an attribute."""
        return {"from": serializers.CharField(source="caller")} | super().get_fields()
