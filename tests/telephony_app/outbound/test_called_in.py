"""How many people may be called into calls over the organization's line."""

from datetime import timedelta

import pytest

from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, CallingPolicy
from telephony_app.outbound.called_in import check_one_more
from telephony_app.outbound.rules import NotAllowed
from tests.telephony_app.conftest import call_of
from tests.telephony_app.outgoing import MIDDAY, let_call_out, out_call

Kind = CallEvent.Kind
NOW = MIDDAY + timedelta(seconds=30)


@pytest.fixture
def policy(agent: Agent) -> CallingPolicy:
    """Acme's people may be called twice a minute, an hour a day."""
    return let_call_out(agent, calls_per_minute=2, minutes_per_day=60)


def happened(call: Call, kind: Kind, *, minutes: float = 0, **about: str) -> Call:
    """Something was reported of the call, so long after midday."""
    at, key = MIDDAY + timedelta(minutes=minutes), f"{call.pk}:{call.events.count()}"
    values = {"source": "livekit", "dedupe_key": key} | about
    call.events.create(kind=kind, at=at, **values)
    return call


def called_in(agent: Agent, *, minutes: float = 0) -> Call:
    """A caller, and Sales, who was called so long after midday."""
    call = call_of(agent, created_at=MIDDAY)
    to = "To +1 202-555-0150"
    return happened(call, Kind.DIALED, minutes=minutes, source="worker", detail=to)


def refused(policy: CallingPolicy, **later: float) -> NotAllowed:
    """The refusal of another person, `later` after half past midday."""
    with pytest.raises(NotAllowed) as error:
        check_one_more(policy, NOW + timedelta(**later))
    return error.value


def test_people_of_a_minute_are_counted(policy: CallingPolicy, agent: Agent) -> None:
    called_in(agent)
    check_one_more(policy, NOW)
    called_in(agent, minutes=0.25)
    found = refused(policy)
    assert "2 calls a minute are allowed" in str(found)
    assert found.retry_seconds == 30
    check_one_more(policy, NOW + timedelta(seconds=30))


def test_minutes_that_caller_and_person_talk_are_counted(
    policy: CallingPolicy, agent: Agent
) -> None:
    first = called_in(agent)
    happened(first, Kind.ENDED, minutes=1, source="worker", cause="transferred")
    happened(first, Kind.ENDED, minutes=59, cause="room_closed")
    check_one_more(policy, NOW + timedelta(hours=2))
    second = called_in(agent, minutes=60)
    happened(second, Kind.CALLER_LEFT, minutes=62)
    found = refused(policy, hours=2)
    assert "60 minutes a day are allowed: 61 are spent" in str(found)
    assert found.retry_seconds == 5 * 3600 - 30


def test_talk_of_which_no_end_is_known_goes_on(
    policy: CallingPolicy, agent: Agent
) -> None:
    call = called_in(agent)
    happened(call, Kind.ENDED, minutes=1, source="worker", cause="transferred")
    check_one_more(policy, MIDDAY + timedelta(minutes=59))
    refused(policy, hours=1)


def test_person_who_was_not_reached_is_on_the_line_no_longer(
    policy: CallingPolicy, agent: Agent
) -> None:
    happened(called_in(agent), Kind.RETURNED, minutes=1, source="worker")
    check_one_more(policy, NOW + timedelta(hours=2))


def test_calls_out_and_what_twilio_dials_do_not_count(
    policy: CallingPolicy, agent: Agent
) -> None:
    for _ in range(3):
        happened(out_call(agent), Kind.DIALED, source="worker")
        happened(call_of(agent, created_at=MIDDAY), Kind.DIALED, source="twilio")
    check_one_more(policy, NOW + timedelta(hours=2))


def test_yesterday_does_not_count(policy: CallingPolicy, agent: Agent) -> None:
    called_in(agent)
    check_one_more(policy, NOW + timedelta(days=1))


def test_people_of_another_organization_do_not_count(
    policy: CallingPolicy, agent: Agent
) -> None:
    for _ in range(3):
        called_in(agent)
    other = CallingPolicy(organization_id=policy.organization_id + 1)
    check_one_more(other, NOW + timedelta(hours=9))
