"""How much an organization may call."""

from datetime import timedelta
from typing import Any

import pytest

from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, CallingPolicy, State
from telephony_app.outbound.amounts import check_amounts
from telephony_app.outbound.rules import NotAllowed
from tests.telephony_app.outgoing import MIDDAY, THEIRS, let_call_out, out_call

NOW = MIDDAY + timedelta(seconds=30)


@pytest.fixture
def policy(agent: Agent) -> CallingPolicy:
    """Acme may call twice a minute, an hour a day, a number again after 5 minutes."""
    return let_call_out(agent, calls_per_minute=2, minutes_per_day=60)


def ended_call(agent: Agent, *, minutes: float = 0, **fields: Any) -> Call:
    """A call out that somebody picked up at midday."""
    ended = {"state": State.ENDED, "ended_at": MIDDAY + timedelta(minutes=minutes)}
    call = out_call(agent, **(ended | fields))
    picked_up = CallEvent.Kind.PICKED_UP
    call.events.create(kind=picked_up, at=MIDDAY, dedupe_key=f"{call.pk}:up")
    return call


def refused(policy: CallingPolicy, **later: float) -> NotAllowed:
    """The refusal of another call, `later` after half past midday."""
    with pytest.raises(NotAllowed) as error:
        check_amounts(THEIRS, policy, NOW + timedelta(**later))
    return error.value


def test_first_call_is_allowed(policy: CallingPolicy) -> None:
    check_amounts(THEIRS, policy, NOW)


def test_number_is_left_alone_for_a_while(policy: CallingPolicy, agent: Agent) -> None:
    before = ended_call(agent, callee=THEIRS)
    found = refused(policy)
    assert str(before.pk) in str(found)
    assert "once in 5 minutes" in str(found)
    assert found.retry_seconds == 270
    check_amounts(THEIRS, policy, NOW + timedelta(minutes=5))


def test_number_that_is_being_called_is_not_called_twice(
    policy: CallingPolicy, agent: Agent
) -> None:
    policy.cool_down_minutes = 0
    out_call(agent, callee=THEIRS)
    assert "was called just now" in str(refused(policy, hours=1))


def test_call_that_nobody_dialled_keeps_nobody_from_calling(
    policy: CallingPolicy, agent: Agent
) -> None:
    for _ in range(3):
        ended_call(agent, callee=THEIRS, dial_claimed_at=None)
    check_amounts(THEIRS, policy, NOW)


def test_calls_of_a_minute_are_counted(policy: CallingPolicy, agent: Agent) -> None:
    ended_call(agent)
    check_amounts(THEIRS, policy, NOW)
    ended_call(agent, created_at=MIDDAY + timedelta(seconds=10))
    found = refused(policy)
    assert "2 calls a minute are allowed" in str(found)
    assert found.retry_seconds == 30
    check_amounts(THEIRS, policy, NOW + timedelta(seconds=30))


def test_minutes_of_the_day_are_counted(policy: CallingPolicy, agent: Agent) -> None:
    ended_call(agent, minutes=59)
    check_amounts(THEIRS, policy, NOW + timedelta(hours=2))
    ended_call(agent, minutes=1)
    found = refused(policy, hours=2)
    assert "60 minutes a day are allowed: 60 are spent" in str(found)
    assert found.retry_seconds == 5 * 3600 - 30
    check_amounts(THEIRS, policy, NOW + timedelta(hours=8))


def test_call_that_goes_on_counts_with_the_longest_it_may_take(
    policy: CallingPolicy, agent: Agent
) -> None:
    policy.calls_per_minute = 100
    agent.max_call_seconds = 1200
    agent.publish()
    for _ in range(2):
        out_call(agent)
    check_amounts(THEIRS, policy, NOW)
    out_call(agent)
    assert "calls that go on may take the rest" in str(refused(policy))


def test_draft_does_not_change_what_a_call_that_goes_on_may_take(
    policy: CallingPolicy, agent: Agent
) -> None:
    out_call(agent)
    Agent.objects.update(max_call_seconds=7200)
    check_amounts(THEIRS, policy, NOW)


def test_call_of_an_unreadable_version_may_take_as_long_as_any(
    policy: CallingPolicy, agent: Agent
) -> None:
    out_call(agent)
    agent.versions.update(raw_config={"name": ""})
    assert "calls that go on" in str(refused(policy))


def test_calls_of_others_and_calls_in_do_not_count(
    policy: CallingPolicy, agent: Agent
) -> None:
    for _ in range(3):
        ended_call(agent, callee=THEIRS, direction=Call.Direction.INBOUND)
    check_amounts(THEIRS, policy, NOW)
