"""A person is called into the caller's room, and hears first who calls."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from agents_app.models import Agent
from livekit_worker.transfer.calling_in import DECIDE_SECONDS
from telephony_app.livekit import rooms
from telephony_app.models import Call, Cause
from telephony_app.sip.recording import LOUD
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended, job_pid
from tests.journeys.phone.called import CalledPhone
from tests.journeys.phone.line import CALLER, Connect, call_of
from tests.journeys.phone.transferring import (
    SALES,
    WHY,
    Kind,
    asks_for_sales,
    clerk,
    is_asked,
    line_out,
    loudest_beside_ringing,
    moves,
    sales,
)
from tests.servers.stack import Stack
from tests.standins.twilio.rest import Twilio

__all__ = ["sales"]
Talk = Callable[[Agent], tuple[Caller, Call]]
ON_THE_WAY_SECONDS = 1.5


@pytest.fixture(autouse=True)
def _worker(phone_stack: Stack) -> None:
    phone_stack.worker()


@pytest.fixture
def warm(phone_stack: Stack, connect: Connect, sales: CalledPhone) -> str:
    """The number of an agent that says who calls."""
    agent = clerk(phone_stack, why=WHY, record_calls=True)
    number = connect(agent)
    line_out(agent, sales)
    return number.number


def test_person_hears_who_calls_takes_the_call_and_both_talk(
    phone_stack: Stack, stack_twilio: Twilio, sales: CalledPhone, warm: str
) -> None:
    with stack_twilio.dial(CALLER, warm) as line:
        asks_for_sales(line)
        talk = is_asked(sales)
        sales.presses(talk, "1")
        call = ended(phone_stack, call_of(line))
        asked_at = talk.now
        line.says("I would like ten chairs")
        sales.hears_voice(talk, since=asked_at)
        said_at = line.leg.now
        sales.says(talk, "Certainly")
        line.hears_voice(since=said_at)
        sales.hangs_up(talk)
        line.is_hung_up_on()
    assert (call.cause, call.transferred_to) == (Cause.TRANSFERRED, SALES)
    assert line.sid in stack_twilio.stopped
    phone_stack.wait_for(lambda: call.room not in rooms.open_rooms(), "the room's end")


def test_caller_who_hangs_up_leaves_nobody_behind(
    phone_stack: Stack, stack_twilio: Twilio, sales: CalledPhone, warm: str
) -> None:
    with stack_twilio.dial(CALLER, warm) as line:
        asks_for_sales(line)
        talk = is_asked(sales)
        sales.presses(talk, "1")
        ended(phone_stack, call_of(line))
    sales.is_hung_up_on(talk)


@pytest.mark.heavy
def test_person_does_not_hear_the_caller_before_the_call_is_taken(
    stack_twilio: Twilio, sales: CalledPhone, warm: str
) -> None:
    with stack_twilio.dial(CALLER, warm) as line:
        asks_for_sales(line)
        talk = is_asked(sales)
        asked_at = talk.last_voice_at or 0
        line.says("Hello? Is there anybody who can hear me?")
        # The next voice is the one that asks again, after the time to decide.
        asked_again_at = sales.hears_voice(talk, since=asked_at)
        assert asked_again_at - asked_at > 1000 * (DECIDE_SECONDS - 1.5)


@pytest.mark.heavy
def test_caller_does_not_hear_the_person_before_the_call_is_taken(
    phone_stack: Stack, stack_twilio: Twilio, sales: CalledPhone, warm: str
) -> None:
    with stack_twilio.dial(CALLER, warm) as line:
        asks_for_sales(line)
        talk = is_asked(sales)
        since = line.leg.now
        sales.says(talk, "Who is it that calls me at this time of the day?")
        # What was said last is still on its way.
        time.sleep(ON_THE_WAY_SECONDS)
        assert loudest_beside_ringing(line, since=since) < LOUD
        sales.presses(talk, "2")
        sales.is_hung_up_on(talk)
        line.hears_voice(since=line.leg.now)
        line.hears_silence()
    call = ended(phone_stack, call_of(line))
    assert moves(call)[1] == (Kind.RETURNED, "The call was declined.")
    assert (call.cause, call.transferred_to) == (Cause.CALLER_HUNG_UP, "")


@pytest.mark.heavy
def test_voicemail_does_not_get_the_caller(
    phone_stack: Stack, stack_twilio: Twilio, sales: CalledPhone, warm: str
) -> None:
    with stack_twilio.dial(CALLER, warm) as line:
        asks_for_sales(line)
        talk = sales.is_called()
        sales.is_hung_up_on(talk)
        line.hears_voice(since=line.leg.now)
        line.hears_silence()
    call = ended(phone_stack, call_of(line))
    why = "Somebody picked up, but did not take the call."
    assert moves(call)[1] == (Kind.RETURNED, why)


@pytest.mark.heavy
def test_busy_person_leaves_the_caller_with_the_agent(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    agent = clerk(phone_stack, why=WHY)
    number = connect(agent)
    with CalledPhone(status=486) as busy:
        line_out(agent, busy)
        with stack_twilio.dial(CALLER, number.number) as line:
            asks_for_sales(line)
            busy.is_called()
            line.hears_voice(since=line.leg.now)
            line.hears_silence()
        call = ended(phone_stack, call_of(line))
    assert moves(call)[1][1].startswith("The line was busy.")
    assert call.cause == Cause.CALLER_HUNG_UP


def test_agent_that_dies_meanwhile_lets_the_person_go_and_comes_back(
    phone_stack: Stack, stack_twilio: Twilio, sales: CalledPhone, warm: str
) -> None:
    with stack_twilio.dial(CALLER, warm) as line:
        asks_for_sales(line)
        talk = is_asked(sales)
        os.kill(job_pid(call_of(line)), signal.SIGKILL)
        killed_at = line.leg.now
        sales.is_hung_up_on(talk)
        line.hears_voice(since=killed_at)
        line.hears_silence()
    call = ended(phone_stack, call_of(line))
    assert moves(call)[1][0] == Kind.RETURNED
    assert (call.cause, call.transferred_to) == (Cause.CALLER_HUNG_UP, "")


@pytest.mark.heavy
def test_caller_in_a_browser_gets_the_person_too(
    phone_stack: Stack,
    stack_twilio: Twilio,
    connect: Connect,
    talk: Talk,
    sales: CalledPhone,
) -> None:
    agent = clerk(phone_stack)
    connect(agent)
    line_out(agent, sales)
    caller, call = talk(agent)
    with caller:
        caller.hears("help you today")
        caller.types("Sales, please")
        theirs = sales.is_called()
        ended(phone_stack, call)
        caller.hears_silence()
        since = time.monotonic()
        sales.says(theirs, "Sales, good morning")
        caller.hears_voice(since=since)
        asked_at = theirs.now
        caller.says("I would like ten chairs")
        sales.hears_voice(theirs, since=asked_at)
    sales.is_hung_up_on(theirs)
    assert (call.cause, call.transferred_to) == (Cause.TRANSFERRED, SALES)


@pytest.mark.heavy
def test_caller_in_a_browser_is_told_where_there_is_no_line(
    phone_stack: Stack, talk: Talk
) -> None:
    caller, call = talk(clerk(phone_stack))
    with caller:
        caller.hears("help you today")
        caller.types("Sales, please")
        caller.hears("cannot be put through")
    row = ended(phone_stack, call).tool_calls.get()
    assert "no trunk for calls out" in row.error
    assert moves(call) == []
