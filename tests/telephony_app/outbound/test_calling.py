"""Calls out, from the order to the room in which an agent dials."""

from typing import Any

import pytest

from accounts.models import User
from agents_app.models import Agent
from telephony_app.calls.opening import CallRefused
from telephony_app.livekit import rooms
from telephony_app.models import Call, CallingPolicy, Cause, State, WorkerHeartbeat
from telephony_app.outbound.calling import Order, call_out, claim_dial
from telephony_app.outbound.rules import NotAllowed
from tests.telephony_app.outgoing import OURS, THEIRS, let_call_out, out_call

KNOWN = {"first_name": "there", "day": "today"}


@pytest.fixture
def caller(agent: Agent, worker: WorkerHeartbeat) -> Agent:
    """Ava, who may call out, knows two variables, and has two places."""
    agent.variables = KNOWN
    agent.publish()
    let_call_out(agent)
    return agent


def refused(order: Order) -> NotAllowed:
    """The refusal of an order."""
    with pytest.raises(NotAllowed) as error:
        call_out(order)
    return error.value


def test_call_out_waits_for_the_agent_that_dials(
    caller: Agent, ed: User, livekit_server: Any
) -> None:
    call = call_out(Order(caller, THEIRS, ed, variables={"day": "tomorrow"}))
    call.refresh_from_db()
    assert (call.direction, call.state) == ("outbound", State.DISPATCHING)
    assert (call.caller, call.callee, call.started_by) == (OURS, THEIRS, ed)
    assert call.variables == {"day": "tomorrow"}
    assert call.version == caller.published_version
    assert call.room.startswith(f"agent-{caller.pk}-{OURS}-")
    assert call.room in rooms.open_rooms()
    rooms.close_room(call.room)


def test_unknown_variables_are_named_with_the_known_ones(
    caller: Agent, ed: User
) -> None:
    found = refused(Order(caller, THEIRS, ed, variables={"nam": "Zoe", "age": "5"}))
    assert found.field == "variables"
    assert str(found) == "Ava has no variable age, nam. It has: first_name, day."


def test_endless_value_is_refused(caller: Agent, ed: User) -> None:
    found = refused(Order(caller, THEIRS, ed, variables={"day": "x" * 301}))
    assert str(found) == "day has 301 characters. Shorten it to 300."


def test_switched_off_agent_calls_nobody(caller: Agent, ed: User) -> None:
    caller.is_active = False
    with pytest.raises(CallRefused, match="Switch it on") as error:
        call_out(Order(caller, THEIRS, ed))
    assert error.value.cause == Cause.AGENT_INACTIVE


def test_agent_with_unusable_settings_calls_nobody(caller: Agent, ed: User) -> None:
    assert caller.published_version
    caller.published_version.raw_config["voice"] = "Nobody"
    assert "not usable any more" in str(refused(Order(caller, THEIRS, ed)))


def test_refused_call_leaves_no_row(caller: Agent, ed: User) -> None:
    refused(Order(caller, "+19005551234", ed))
    assert not Call.objects.exists()


def test_call_that_livekit_cannot_carry_may_be_asked_for_again(
    caller: Agent, ed: User, no_livekit: None
) -> None:
    for _ in range(2):
        with pytest.raises(CallRefused):
            call_out(Order(caller, THEIRS, ed, key="one"))
    assert set(Call.objects.values_list("cause", "request_key")) == {
        (Cause.LIVEKIT_UNREACHABLE, None)
    }


def test_without_a_place_nobody_is_called(caller: Agent, ed: User) -> None:
    WorkerHeartbeat.objects.update(places=0)
    with pytest.raises(CallRefused, match="All lines are busy"):
        call_out(Order(caller, THEIRS, ed))


def test_same_request_is_the_same_call_whatever_the_rules_say_by_now(
    caller: Agent, ed: User, livekit_server: Any
) -> None:
    order = Order(caller, THEIRS, ed, variables={"day": "now"}, key="one")
    first = call_out(order)
    CallingPolicy.objects.update(may_call_out=False)
    assert call_out(order) == first
    rooms.close_room(first.room)


def test_key_of_another_request_is_refused(
    caller: Agent, ed: User, livekit_server: Any
) -> None:
    first = call_out(Order(caller, THEIRS, ed, key="one"))
    found = refused(Order(caller, "+12025550198", ed, key="one"))
    assert found.field == "Idempotency-Key"
    rooms.close_room(first.room)


def test_call_is_dialled_by_the_first_who_claims_it(caller: Agent) -> None:
    call = out_call(caller, dial_claimed_at=None)
    assert [claim_dial(call) for _ in range(3)] == [True, False, False]
    assert [event.kind for event in call.events.all()] == ["dialed"]


def test_call_that_ended_is_dialled_by_nobody(caller: Agent) -> None:
    call = out_call(caller, dial_claimed_at=None, state=State.ENDED)
    assert not claim_dial(call)
