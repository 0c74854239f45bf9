"""A process dies in the middle of a telephone call."""

import os
import signal
from contextlib import suppress

import pytest

from agents_app.models import Agent
from telephony_app.livekit import bridge, rooms
from telephony_app.models import Call, Cause, State
from tests.journeys.conftest import ended, job_pid
from tests.journeys.phone.incoming import dial, room_for
from tests.journeys.phone.telephone import Telephone
from tests.servers.server import Server
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy


@pytest.fixture(autouse=True)
def _bridge(phone_stack: Stack) -> None:
    bridge.set_up()


def greeted(caller: Telephone) -> None:
    """Hear the greeting to its end."""
    caller.is_answered()
    caller.hears_voice()
    caller.hears_silence()


def is_answered(caller: Telephone, since: float) -> bool:
    """Press a key; whether the agent has spoken since then."""
    caller.presses("1#")
    with suppress(TimeoutError):
        caller.hears_voice(since=since, seconds=3)
        return True
    return False


def holder(stack: Stack, call: Call) -> Server:
    """The worker that holds the call, by the process number in its name."""
    claimed = Call.objects.filter(pk=call.pk, worker__isnull=False)
    stack.wait_for(claimed.exists, "a worker")
    call.refresh_from_db()
    assert call.worker
    return next(w for w in stack.workers if f"-{w.pid}-" in call.worker.name)


def test_agent_speaks_again_within_three_seconds_of_its_process_death(
    phone_stack: Stack, receptionist: Agent
) -> None:
    phone_stack.worker()
    call = room_for(receptionist)
    with dial(call, phone_stack) as caller:
        greeted(caller)
        killed_at = caller.call.now
        os.kill(job_pid(call), signal.SIGKILL)
        assert caller.hears_voice(since=killed_at) - killed_at < 3000
        caller.hears_silence()
        assert caller.call.ended_at is None
    assert ended(phone_stack, call).cause == Cause.CALLER_HUNG_UP
    assert "we were cut off" in call.turns.all()[1].text


def test_line_stays_up_while_another_worker_takes_over(
    phone_stack: Stack, receptionist: Agent
) -> None:
    phone_stack.stop_workers()
    phone_stack.start_worker()
    phone_stack.start_worker()
    call = room_for(receptionist)
    with dial(call, phone_stack) as caller:
        greeted(caller)
        killed_at = caller.call.now
        holder(phone_stack, call).kill()
        assert caller.hears_voice(since=killed_at + 500) - killed_at < 10_000
        caller.hears_silence()
        assert caller.call.ended_at is None
    assert ended(phone_stack, call).cause == Cause.CALLER_HUNG_UP


def test_call_whose_worker_dies_before_the_line_rings_is_answered_by_another(
    phone_stack: Stack, receptionist: Agent
) -> None:
    phone_stack.stop_workers()
    phone_stack.start_worker()
    phone_stack.start_worker()
    call = room_for(receptionist)
    holder(phone_stack, call).kill()
    with dial(call, phone_stack) as caller:
        greeted(caller)
    assert ended(phone_stack, call).turns.get().text.startswith("Hello, this is")


def test_killed_bridge_ends_the_call_as_lost(
    phone_stack: Stack, receptionist: Agent
) -> None:
    phone_stack.worker()
    call = room_for(receptionist)
    assert phone_stack.sip
    with dial(call, phone_stack) as caller:
        greeted(caller)
        phone_stack.sip.kill()
        over = Call.objects.filter(pk=call.pk, state=State.ENDED)
        phone_stack.wait_for(over.exists, "the call's end", seconds=35)
    call.refresh_from_db()
    assert call.cause == Cause.CALLER_LOST
    assert call.room not in rooms.open_rooms()
    phone_stack.sip.start()
    again = room_for(receptionist)
    with dial(again, phone_stack) as caller:
        greeted(caller)


def test_agent_speaks_again_after_a_restart_of_livekit(
    phone_stack: Stack, receptionist: Agent
) -> None:
    phone_stack.worker()
    call = room_for(receptionist)
    with dial(call, phone_stack) as caller:
        greeted(caller)
        phone_stack.livekit.kill()
        phone_stack.livekit.start()
        caller.hears_voice(since=caller.call.now, seconds=60)
        caller.hears_silence()
        asked_at = caller.call.now
        # A key that is pressed while the way is still being mended is lost.
        phone_stack.wait_for(lambda: is_answered(caller, asked_at), "an answer")
        caller.hears_silence()
    assert ended(phone_stack, call).cause == Cause.CALLER_HUNG_UP
    assert "Sorry, we were cut off" in [turn.text for turn in call.turns.all()][1]
