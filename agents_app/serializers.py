"""What the API says of an agent."""

from rest_framework import serializers

from agents_app.models import Agent


class AgentSerializer(serializers.ModelSerializer[Agent]):
    """An agent as a client sees it; `version` is what callers hear, null if nothing.

    `variables` are the names that a call going out may fill, with their defaults.
    """

    version = serializers.IntegerField(source="published_version.number", default=None)

    class Meta:
        model = Agent
        fields = [
            "id",
            "organization",
            "name",
            "description",
            "is_active",
            "version",
            "model",
            "voice",
            "language",
            "variables",
            "created_at",
            "updated_at",
        ]
