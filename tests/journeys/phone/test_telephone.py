"""An agent on the telephone: keys in both directions, and whoever hangs up."""

import pytest

from agents_app.models import Agent
from livekit_worker.plan import emergency_line
from telephony_app.livekit import bridge, rooms
from telephony_app.models import Call, Cause
from telephony_app.sip import NotAnswered, Side
from tests.journeys.conftest import ended
from tests.journeys.phone.incoming import dial, incoming, room_for, scripted
from tests.journeys.phone.listening import share_heard
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy

HANG_UP = {"call": [{"name": "end_call", "args": {}}], "say": "Goodbye then."}


@pytest.fixture(autouse=True)
def _bridge(phone_stack: Stack) -> None:
    bridge.set_up()
    phone_stack.worker()


def spoken(call: Call) -> list[str]:
    """What both sides said, in order."""
    return [turn.text.strip() for turn in call.turns.all()]


def test_caller_keys_something_in_and_agent_presses_keys(phone_stack: Stack) -> None:
    press = {"call": [{"name": "press_keys", "args": {"keys": "12#"}}]}
    call = room_for(scripted(phone_stack, press, tools=("press_keys",)))
    with dial(call, phone_stack) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hears_silence()
        caller.presses("4711#")
        caller.hears_keys("12#")
        caller.hears_silence()
    ended(phone_stack, call)
    assert spoken(call)[1] == "Pressed keys: 4711"
    assert call.tool_calls.get().arguments == {"keys": "12#"}


def test_agent_that_hangs_up_closes_the_line(phone_stack: Stack) -> None:
    call = room_for(scripted(phone_stack, HANG_UP, tools=("end_call",)))
    with dial(call, phone_stack) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hears_silence()
        caller.presses("9#")
        caller.is_hung_up_on()
        assert caller.call.ended_by == Side.CALLEE
    assert ended(phone_stack, call).cause == Cause.AGENT_HUNG_UP
    assert spoken(call)[-1] == "Goodbye then."


def test_caller_who_hangs_up_ends_the_call_at_once(
    phone_stack: Stack, receptionist: Agent
) -> None:
    call = room_for(receptionist)
    with dial(call, phone_stack) as caller:
        caller.is_answered()
        caller.hears_voice()
    assert ended(phone_stack, call).cause == Cause.CALLER_HUNG_UP
    phone_stack.wait_for(lambda: call.room not in rooms.open_rooms(), "the room's end")


def test_caller_who_sends_no_more_sound_is_let_go(
    phone_stack: Stack, receptionist: Agent
) -> None:
    call = room_for(receptionist)
    with dial(call, phone_stack) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.falls_mute()
        caller.is_hung_up_on(seconds=40)
    assert ended(phone_stack, call).cause == Cause.CALLER_HUNG_UP


def test_caller_who_lets_go_while_it_rings_has_hung_up(
    phone_stack: Stack, receptionist: Agent
) -> None:
    phone_stack.stop_workers()
    call = room_for(receptionist)
    with dial(call, phone_stack) as caller:
        caller.rings()
        came = call.events.filter(kind="caller_joined")
        phone_stack.wait_for(came.exists, "the caller")
    assert ended(phone_stack, call).cause == Cause.CALLER_HUNG_UP
    assert call.answered_at is None


def test_line_that_rings_in_vain_is_given_up_as_not_answered(
    phone_stack: Stack, receptionist: Agent
) -> None:
    phone_stack.stop_workers()
    call = room_for(receptionist)
    with (
        dial(call, phone_stack) as caller,
        pytest.raises(NotAnswered, match="486"),
    ):
        caller.is_answered()
    assert ended(phone_stack, call).cause == Cause.NOT_ANSWERED


def test_room_that_the_bridge_had_to_make_finds_its_call(
    phone_stack: Stack, receptionist: Agent
) -> None:
    call = incoming(receptionist)
    with dial(call, phone_stack) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hears_silence()
    assert spoken(ended(phone_stack, call))[0].startswith("Hello, this is")


def test_room_of_another_name_is_known_by_the_id_that_the_caller_brings(
    phone_stack: Stack, receptionist: Agent
) -> None:
    call = incoming(receptionist)
    brought = {"X-Call-Id": str(call.pk)}
    with dial(call, phone_stack, room="agent-0-mistyped", headers=brought) as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.hears_silence()
    assert spoken(ended(phone_stack, call))[0].startswith("Hello, this is")
    assert call.cause == Cause.CALLER_HUNG_UP


def test_caller_of_a_room_that_nobody_knows_hears_an_apology(
    phone_stack: Stack, receptionist: Agent
) -> None:
    call = incoming(receptionist)
    with dial(call, phone_stack, room="agent-0-unknown") as caller:
        caller.is_answered()
        caller.hears_voice()
        caller.is_hung_up_on()
    heard = caller.call.recording
    sorry = emergency_line()
    assert share_heard(heard, sorry.pcm, rate=sorry.sample_rate) > 0.98
