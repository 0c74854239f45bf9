"""A caller asks for a person, who is rung in place of the agent."""

import pytest

from telephony_app.calls.opening import hang_up
from telephony_app.livekit import bridge
from telephony_app.models import Cause, TwilioAccount
from telephony_app.twilio.twiml import RINGING_SECONDS
from tests.journeys.conftest import ended
from tests.journeys.phone.called import CalledPhone, words
from tests.journeys.phone.incoming import dial, room_for
from tests.journeys.phone.line import CALLER, Connect, call_of
from tests.journeys.phone.transferring import (
    ANNOUNCED,
    SALES,
    Kind,
    asks_for_sales,
    clerk,
    moves,
)
from tests.servers.stack import Stack
from tests.standins.twilio.rest import Twilio
from tools_app.models import Outcome

pytestmark = pytest.mark.heavy
READY_MADE = "I am putting you through to Sales. One moment, please."


@pytest.fixture(autouse=True)
def _worker(phone_stack: Stack) -> None:
    phone_stack.worker()


@pytest.mark.parametrize("by_refer", [False, True])
@pytest.mark.parametrize(("say", "heard"), [(ANNOUNCED, ANNOUNCED), (None, READY_MADE)])
def test_person_picks_up_and_has_the_caller(
    phone_stack: Stack,
    stack_twilio: Twilio,
    connect: Connect,
    say: str | None,
    heard: str,
    by_refer: bool,
) -> None:
    number = connect(clerk(phone_stack, say=say))
    TwilioAccount.objects.update(transfers_by_refer=by_refer)
    with CalledPhone(greeting=words("Sales, good morning.")) as sales:
        stack_twilio.people[SALES] = sales.phone.uri()
        with stack_twilio.dial(CALLER, number.number) as line:
            asks_for_sales(line)
            talk = sales.is_called()
            line.hears_voice()
            call = ended(phone_stack, call_of(line))
            assert (call.cause, call.transferred_to) == (Cause.TRANSFERRED, SALES)
            assert not line.call.is_over
            sales.hangs_up(talk)
            line.is_hung_up_on()
    assert moves(call) == [(Kind.TRANSFERRED, "To +1 202-555-0150")]
    assert heard in [turn.text.strip() for turn in call.turns.all()]
    assert CALLER in talk.invite.headers["From"]


def test_twilio_that_takes_the_caller_before_it_tells_the_bridge_does_not_fail(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    number = connect(clerk(phone_stack))
    TwilioAccount.objects.update(transfers_by_refer=True)
    stack_twilio.transfers_end = ""
    with CalledPhone(greeting=words("Sales, good morning.")) as sales:
        stack_twilio.people[SALES] = sales.phone.uri()
        with stack_twilio.dial(CALLER, number.number) as line:
            asks_for_sales(line)
            talk = sales.is_called()
            line.hears_voice()
            call = ended(phone_stack, call_of(line))
            sales.hangs_up(talk)
    assert (call.cause, call.transferred_to) == (Cause.TRANSFERRED, SALES)


@pytest.mark.parametrize(
    ("status", "by_refer", "why"),
    [
        (486, False, "The line was busy."),
        (486, True, "The line was busy."),
        (None, False, "Nobody picked up."),
    ],
)
def test_caller_whom_nobody_takes_comes_back_and_hears_the_agent(
    phone_stack: Stack,
    stack_twilio: Twilio,
    connect: Connect,
    status: int | None,
    by_refer: bool,
    why: str,
) -> None:
    number = connect(clerk(phone_stack))
    TwilioAccount.objects.update(transfers_by_refer=by_refer)
    with CalledPhone(status=status) as sales:
        stack_twilio.people[SALES] = sales.phone.uri()
        with stack_twilio.dial(CALLER, number.number) as line:
            asks_for_sales(line)
            sales.is_called()
            call = call_of(line)
            phone_stack.wait_for(lambda: moves(call)[1:], "the return", seconds=40)
            line.is_answered()
            line.hears_voice()
            line.hears_silence()
            asked_at = line.leg.now
            line.says("what can you do")
            line.hears_voice(since=asked_at)
            line.hears_silence()
        ended(phone_stack, call)
    assert moves(call)[1] == (Kind.RETURNED, why)
    assert (call.cause, call.transferred_to) == (Cause.CALLER_HUNG_UP, "")
    row = call.tool_calls.get()
    assert (row.outcome, why in row.error) == (Outcome.FAILED, True)
    greeting, announced, told, answer, *_ = call.turns.filter(speaker="agent")
    assert "could not be reached" in told.text
    assert answer.text


def test_caller_who_gives_up_while_it_rings_has_hung_up(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    number = connect(clerk(phone_stack))
    with CalledPhone(status=None) as sales:
        stack_twilio.people[SALES] = sales.phone.uri()
        with stack_twilio.dial(CALLER, number.number) as line:
            asks_for_sales(line)
            sales.is_called()
        call = ended(phone_stack, call_of(line))
    assert (call.cause, moves(call)[1:]) == (Cause.CALLER_HUNG_UP, [])


def test_staff_end_a_call_while_the_person_is_rung(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    number = connect(clerk(phone_stack))
    with CalledPhone(status=None) as sales:
        stack_twilio.people[SALES] = sales.phone.uri()
        with stack_twilio.dial(CALLER, number.number) as line:
            asks_for_sales(line)
            talk = sales.is_called()
            call = call_of(line)
            hang_up(call, Cause.STAFF_ENDED, source="staff")
            # Later it would have rung out by itself.
            sales.is_hung_up_on(talk, seconds=RINGING_SECONDS / 2)
            line.is_hung_up_on()
    assert ended(phone_stack, call).cause == Cause.STAFF_ENDED


def test_twilio_that_refuses_leaves_the_caller_with_the_agent(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    number = connect(clerk(phone_stack))
    with stack_twilio.dial(CALLER, number.number) as line:
        line.is_answered()
        TwilioAccount.objects.update(secrets={"auth_token": "f0" * 16})
        asks_for_sales(line)
        call = call_of(line)
        phone_stack.wait_for(lambda: moves(call)[1:], "the refusal")
        line.hears_silence()
        line.hears_voice(since=0)
    row = ended(phone_stack, call).tool_calls.get()
    assert "cannot be put through" in row.error
    assert "Twilio does not accept" in row.error
    assert call.cause == Cause.CALLER_HUNG_UP


def test_telephone_that_came_by_itself_is_sent_to_the_person(
    phone_stack: Stack,
) -> None:
    bridge.set_up()
    call = room_for(clerk(phone_stack))
    with dial(call, phone_stack) as caller:
        asks_for_sales(caller)
        caller.is_hung_up_on()
        assert caller.call.referred_to.strip("<>") == f"tel:{SALES}"
    ended(phone_stack, call)
    assert (call.cause, call.transferred_to) == (Cause.TRANSFERRED, SALES)
    assert call.tool_calls.get().outcome == Outcome.DONE


def test_telephone_that_nobody_takes_stays_with_the_agent(phone_stack: Stack) -> None:
    bridge.set_up()
    call = room_for(clerk(phone_stack))
    with dial(call, phone_stack) as caller:
        caller.call.transfer_ends = "486 Busy Here"
        asks_for_sales(caller)
        phone_stack.wait_for(lambda: moves(call)[1:], "the refusal")
        caller.hears_voice(since=caller.call.now)
        caller.hears_silence()
    ended(phone_stack, call)
    assert moves(call)[1] == (Kind.RETURNED, "The line was busy.")
    assert (call.cause, call.transferred_to) == (Cause.CALLER_HUNG_UP, "")
