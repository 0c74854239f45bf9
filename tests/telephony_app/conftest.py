"""Calls of the cast."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents_app.models import Agent
from telephony_app.calls.lifecycle import record
from telephony_app.models import Call, CallEvent, PhoneNumber, Turn, TwilioAccount
from tests.standins.twilio.rest import NUMBER
from tests.telephony_app.livekit_sip import (
    bare_livekit,
    forget_client,
    livekit_without_redis,
)
from tests.telephony_app.pages import as_alice, as_vic, at_once
from tests.telephony_app.recorded import account, files

__all__ = [
    "account",
    "as_alice",
    "as_vic",
    "at_once",
    "bare_livekit",
    "files",
    "livekit_without_redis",
]

Kind = CallEvent.Kind
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def seconds(value: float) -> datetime:
    """A moment of the day's call, in seconds after noon."""
    return NOON + timedelta(seconds=value)


def call_of(agent: Agent, **fields: Any) -> Call:
    """A browser call with the agent, in a room of its own."""
    values = {
        "organization": agent.organization,
        "version": agent.published_version,
        "direction": Call.Direction.WEB,
        "room": f"agent-{agent.pk}-web-{Call.objects.count()}",
    }
    return Call.objects.create(agent=agent, **(values | fields))


def turn_of(call: Call, speaker: str, text: str, **fields: Any) -> Turn:
    """What one side said in the call."""
    values = {"item_id": f"item-{call.turns.count()}", "is_final": True}
    return call.turns.create(speaker=speaker, text=text, **(values | fields))


@pytest.fixture
def call(agent: Agent) -> Call:
    """A call in progress with Ava, begun at noon."""
    call = call_of(agent, created_at=NOON)
    record(call, Kind.ANSWERED, source="worker", key="answered", at=seconds(1))
    return call


@pytest.fixture
def number(agent: Agent, account: TwilioAccount) -> PhoneNumber:
    """Acme's number, which Ava answers and Acme's account at Twilio has."""
    return PhoneNumber.objects.create(
        organization=agent.organization, number=NUMBER, agent=agent, label="Reception"
    )


@pytest.fixture
def public(settings: Any) -> str:
    """Our address, which Twilio can reach."""
    settings.PUBLIC_BASE_URL = "https://voice.example.com"
    return str(settings.PUBLIC_BASE_URL)


@pytest.fixture
def no_livekit(settings: Any) -> Iterator[None]:
    """Nobody listens where LiveKit should be."""
    settings.LIVEKIT_URL = "ws://127.0.0.1:9"
    forget_client()
    yield
    forget_client()
