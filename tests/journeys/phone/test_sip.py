"""The way of the sound: a SIP caller, the bridge, LiveKit, the worker, and back."""

import pytest

from agents_app import speech
from agents_app.models import Agent, SpokenLine
from telephony_app.livekit import bridge
from telephony_app.models import SipBridge, Turn
from telephony_app.sip import NotAnswered
from tests.journeys.conftest import ended
from tests.journeys.phone.incoming import dial, room_for
from tests.journeys.phone.listening import share_heard
from tests.journeys.phone.telephone import Telephone
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy


@pytest.fixture(autouse=True)
def _bridge(phone_stack: Stack) -> None:
    bridge.set_up()
    phone_stack.worker()


def greeting_of(agent: Agent) -> SpokenLine:
    """The agent's greeting as it was made ready."""
    ready = speech.ready_lines([agent.config])
    line = speech.line_of("greeting", agent.config, ready)
    assert line
    return line


def test_sip_caller_hears_the_greeting_whole(
    phone_stack: Stack, receptionist: Agent
) -> None:
    greeting = greeting_of(receptionist)
    with dial(room_for(receptionist), phone_stack) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hears_silence()
    heard = caller.call.recording
    assert share_heard(heard, greeting.pcm, rate=greeting.sample_rate) > 0.98
    assert 180 in caller.call.provisional


def test_sip_caller_is_understood_and_answered(
    phone_stack: Stack, receptionist: Agent
) -> None:
    call = room_for(receptionist)
    with dial(call, phone_stack) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hears_silence()
        asked_at = caller.call.now
        caller.says("what can you do")
        caller.hears_voice(since=asked_at)
        caller.hears_silence()
    _, question, answer = ended(phone_stack, call).turns.all()
    assert question.speaker == Turn.Speaker.CALLER
    assert question.text.strip() == "what can you do"
    assert "sandbox model" in answer.text


def test_caller_over_tcp_speaks_with_the_agent(
    phone_stack: Stack, receptionist: Agent
) -> None:
    call, row = room_for(receptionist), SipBridge.current()
    password = row.secrets.reveal()["password"]
    address = f"sip:{call.room}@{phone_stack.settings.sip_host};transport=tcp"
    with Telephone(address, user=row.username, password=password) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hangs_up()
    ended(phone_stack, call)


@pytest.mark.parametrize("password", ["guessed", ""])
def test_caller_without_the_password_reaches_nobody(
    phone_stack: Stack, receptionist: Agent, password: str
) -> None:
    call = room_for(receptionist)
    with (
        dial(call, phone_stack, password=password) as caller,
        pytest.raises(NotAnswered, match="40[17]"),
    ):
        caller.is_answered()
    assert not call.events.filter(kind="caller_joined").exists()
