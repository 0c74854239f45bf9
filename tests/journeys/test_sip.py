"""The way of the sound: a SIP caller, the bridge, LiveKit, the worker, and back."""

import uuid

import pytest

from agents_app import speech
from agents_app.models import Agent, SpokenLine
from telephony_app import bridge, rooms
from telephony_app.models import Call, SipBridge, Turn
from telephony_app.sip import NotAnswered
from tests.journeys.conftest import ended
from tests.journeys.listening import share_heard
from tests.journeys.telephone import Telephone
from tests.servers.stack import Stack

CALLER, CALLED = "+15550001111", "+15550002222"


def room_for(agent: Agent) -> Call:
    """An incoming call whose room waits for it, as the webhook leaves it."""
    call_id = uuid.uuid4()
    call = Call.objects.create(
        id=call_id,
        organization=agent.organization,
        agent=agent,
        version=agent.published_version,
        direction=Call.Direction.INBOUND,
        caller=CALLER,
        callee=CALLED,
        room=rooms.room_name(agent.pk, CALLED, secret_of=str(call_id)),
        dispatches=1,
    )
    rooms.make_room(call.room, call.pk)
    return call


@pytest.fixture
def login(phone_stack: Stack) -> dict[str, str]:
    """What the bridge's trunk asks of who calls in."""
    bridge.set_up()
    row = SipBridge.current()
    return {"user": row.username, "password": row.secrets.reveal()["password"]}


def address_of(call: Call, stack: Stack) -> str:
    """Where the call's room is reached."""
    return f"sip:{call.room}@{stack.settings.sip_host}"


def greeting_of(agent: Agent) -> SpokenLine:
    """The agent's greeting as it was made ready."""
    ready = speech.ready_lines([agent.config])
    line = speech.line_of("greeting", agent.config, ready)
    assert line
    return line


def test_sip_caller_hears_the_greeting_whole(
    phone_stack: Stack, login: dict[str, str], receptionist: Agent
) -> None:
    phone_stack.worker()
    greeting, call = greeting_of(receptionist), room_for(receptionist)
    with Telephone(address_of(call, phone_stack), caller=CALLER, **login) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hears_silence()
    heard = share_heard(caller.call.recording, greeting.pcm, rate=greeting.sample_rate)
    assert heard > 0.98
    assert 180 in caller.call.provisional


def test_sip_caller_is_understood_and_answered(
    phone_stack: Stack, login: dict[str, str], receptionist: Agent
) -> None:
    phone_stack.worker()
    call = room_for(receptionist)
    with Telephone(address_of(call, phone_stack), caller=CALLER, **login) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hears_silence()
        asked_at = caller.call.now
        caller.says("what can you do")
        caller.hears_voice(since=asked_at)
        caller.hears_silence()
    turns = list(ended(phone_stack, call).turns.all())
    assert [turn.speaker for turn in turns] == [
        Turn.Speaker.AGENT,
        Turn.Speaker.CALLER,
        Turn.Speaker.AGENT,
    ]
    assert turns[1].text.strip() == "what can you do"


def test_wrong_password_gets_no_agent(
    phone_stack: Stack, login: dict[str, str], receptionist: Agent
) -> None:
    call = room_for(receptionist)
    wrong = login | {"password": "guessed"}
    with (
        Telephone(address_of(call, phone_stack), **wrong) as caller,
        pytest.raises(NotAnswered, match="40[17]"),
    ):
        caller.is_answered()
