"""`manage.py test_call`: an agent is called from the shell."""

import io
import wave
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from agents_app.models import Agent
from telephony_app.livekit import bridge
from telephony_app.models import Call, Cause, PhoneNumber
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy

QUESTION = "what can you do"


@pytest.fixture(autouse=True)
def _bridge(phone_stack: Stack) -> None:
    bridge.set_up()
    phone_stack.worker()


def told(target: object, **options: Any) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("test_call", str(target), stdout=out, **options)
    return out.getvalue()


def in_order(text: str, *parts: str) -> bool:
    """Whether the text has these parts, one after the other."""
    for part in parts:
        _, found, text = text.partition(part)
        if not found:
            return False
    return True


def test_agent_is_called_asked_and_read(receptionist: Agent, tmp_path: Path) -> None:
    file = tmp_path / "heard.wav"
    words = told(receptionist.pk, say=[QUESTION], press="5#", record=file)
    assert in_order(
        words,
        f"calls {receptionist}",
        "It rings",
        "Answered",
        "The agent speaks",
        f'You say: "{QUESTION}"',
        "The agent speaks",
        "You press 5#",
        "You hang up",
        "The caller hung up",
        "How can I help you today?",
        QUESTION,
        "sandbox model",
    ), words
    with wave.open(str(file)) as heard:
        assert heard.getnframes() > 5 * 8000
    assert "transport=" in words
    assert "password" not in words


def test_number_is_called_through_its_signed_webhook(number: PhoneNumber) -> None:
    words = told(number.number, say=[QUESTION], caller="+12025550199")
    assert in_order(words, "Our webhook answered", "Answered", QUESTION, "sandbox")
    call = Call.objects.get(phone_number=number)
    assert call.caller == "+12025550199"
    assert call.cause == Cause.CALLER_HUNG_UP
    assert call.call_sid


def test_refusal_is_heard_as_a_caller_hears_it(number: PhoneNumber) -> None:
    number.is_active = False
    number.save()
    words = told(number.number)
    assert "Twilio says:" in words
    assert "Twilio calls" not in words


def test_agent_that_takes_no_calls_is_told_with_what_to_do(receptionist: Agent) -> None:
    Agent.objects.filter(pk=receptionist.pk).update(is_active=False)
    with pytest.raises(CommandError, match="Switch it on"):
        told(receptionist.pk)
