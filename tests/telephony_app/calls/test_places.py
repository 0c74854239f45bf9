"""Whether one more call fits."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organization
from agents_app.models import Agent
from telephony_app.calls.places import (
    NUMBER_FULL,
    ORGANIZATION_FULL,
    free_places,
    take_place,
)
from telephony_app.models import (
    Call,
    CallingPolicy,
    Cause,
    PhoneNumber,
    WorkerHeartbeat,
)
from tests.telephony_app.conftest import call_of

CALLER, ANONYMOUS = "+12025550111", "+266696687"
pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def worker(db: None) -> WorkerHeartbeat:
    """A worker with as many places as anybody needs."""
    return WorkerHeartbeat.objects.create(
        name="worker-1", agent_name="phone-agent", places=100
    )


def taken(number: PhoneNumber, **fields: Any) -> Call:
    """A call to the number that asked for a place."""
    values = {
        "organization": number.organization,
        "agent": number.agent,
        "direction": Call.Direction.INBOUND,
        "phone_number": number,
        "caller": CALLER,
        "room": f"room-{Call.objects.count()}",
    }
    return take_place(Call(**values | fields), source="test")


def called_before(
    number: PhoneNumber, times: int, minutes: float, **fields: Any
) -> None:
    """Let the caller have called so often, so long ago."""
    at = timezone.now() - timedelta(minutes=minutes)
    assert number.agent
    for _ in range(times):
        about = {"direction": Call.Direction.INBOUND, "state": "ended"}
        call = call_of(number.agent, **about | {"caller": CALLER} | fields)
        Call.objects.filter(pk=call.pk).update(created_at=at, room=str(call.pk))


def test_first_caller_has_a_place(number: PhoneNumber) -> None:
    assert taken(number).cause == ""


@pytest.mark.parametrize(
    ("times", "minutes", "cause"),
    [
        (4, 0, ""),
        (5, 0, Cause.DECLINED),
        (5, 2, ""),
        (20, 30, Cause.DECLINED),
        (20, 61, ""),
    ],
)
def test_one_telephone_calls_five_times_a_minute_and_twenty_an_hour(
    number: PhoneNumber, times: int, minutes: float, cause: str
) -> None:
    called_before(number, times, minutes)
    assert taken(number).cause == cause


@pytest.mark.parametrize(
    "fields", [{"agent": None}, {"opening_hours": "Mon 09:00-09:01"}]
)
def test_who_calls_too_often_is_declined_where_nobody_answers_too(
    number: PhoneNumber, fields: dict[str, Any]
) -> None:
    called_before(number, 5, 0)
    for name, value in fields.items():
        setattr(number, name, value)
    assert taken(number).cause == Cause.DECLINED


def test_others_are_not_declined_with_it(number: PhoneNumber) -> None:
    called_before(number, 5, 0)
    assert taken(number, caller="+12025550112").cause == ""


@pytest.mark.parametrize("caller", ["anonymous", ANONYMOUS, "", "sip:a@b"])
def test_who_hides_the_number_is_not_taken_for_others_who_do(
    number: PhoneNumber, caller: str
) -> None:
    called_before(number, 30, 0, caller=caller)
    assert taken(number, caller=caller).cause == ""


def test_declined_calls_do_not_count_so_that_patience_helps(
    number: PhoneNumber,
) -> None:
    called_before(number, 30, 0, cause=Cause.DECLINED)
    assert taken(number).cause == ""


def test_calls_of_another_direction_do_not_count(number: PhoneNumber) -> None:
    called_before(number, 30, 0, direction=Call.Direction.OUTBOUND)
    assert taken(number).cause == ""


def test_calls_to_another_organization_do_not_count(
    number: PhoneNumber, rival: Organization
) -> None:
    called_before(number, 30, 0, organization=rival)
    assert taken(number).cause == ""


def test_numbers_limit_is_its_own(number: PhoneNumber, agent: Agent) -> None:
    number.max_calls = 1
    call_of(agent)
    assert taken(number).cause == ""
    full = taken(number)
    assert (full.cause, full.error) == (Cause.NO_PLACE, NUMBER_FULL)


def test_organizations_limit_is_of_all_its_calls(
    number: PhoneNumber, agent: Agent
) -> None:
    CallingPolicy.objects.create(organization=agent.organization, max_calls=1)
    call_of(agent)
    full = taken(number)
    assert (full.cause, full.error) == (Cause.NO_PLACE, ORGANIZATION_FULL)


def test_organization_without_a_policy_has_the_usual_limit(
    number: PhoneNumber, agent: Agent
) -> None:
    number.max_calls = 100
    for _ in range(50):
        call_of(agent)
    full = taken(number)
    assert (full.cause, full.error) == (Cause.NO_PLACE, ORGANIZATION_FULL)


def test_ended_calls_take_no_place(number: PhoneNumber) -> None:
    number.max_calls = 1
    called_before(number, 3, 0, phone_number=number)
    assert taken(number).cause == ""


def test_draining_worker_has_no_places_and_its_calls_take_none(
    number: PhoneNumber, agent: Agent, worker: WorkerHeartbeat
) -> None:
    draining = WorkerHeartbeat.objects.create(
        name="worker-2", agent_name="phone-agent", places=9, is_draining=True
    )
    call_of(agent, worker=draining)
    assert free_places() == worker.places
    call_of(agent, worker=worker)
    assert free_places() == worker.places - 1
