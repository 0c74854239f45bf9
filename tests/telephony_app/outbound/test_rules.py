"""Whom an organization may call: nobody, unless a rule allows it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Organization
from agents_app.models import Agent
from telephony_app.models import CallingPolicy, PhoneNumber, TwilioAccount
from telephony_app.outbound.rules import (
    NotAllowed,
    caller_id,
    check_hours,
    check_number,
    policy_of,
    time_zones,
)
from tests.telephony_app.outgoing import MIDDAY, OURS, THEIRS, let_call_out


@pytest.fixture
def policy(agent: Agent) -> CallingPolicy:
    """Acme's policy: the US may be called, at any time."""
    return let_call_out(agent)


def refusal(check: Callable[[], object]) -> tuple[str, str]:
    """The field that a refusal names, and its words."""
    with pytest.raises(NotAllowed) as refused:
        check()
    return refused.value.field, str(refused.value)


def test_organization_without_a_policy_calls_nobody(acme: Organization) -> None:
    field, words = refusal(lambda: policy_of(acme))
    assert field == "agent_id"
    assert "Acme may not call out. An admin" in words


def test_organization_that_may_not_call_out_calls_nobody(policy: CallingPolicy) -> None:
    CallingPolicy.objects.update(may_call_out=False)
    assert "may not call out" in refusal(lambda: policy_of(policy.organization))[1]


def test_ordinary_number_of_an_allowed_country_may_be_called(
    policy: CallingPolicy,
) -> None:
    check_number(THEIRS, policy)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("2025550123", "with + and the country first"),
        ("+1202555", "check the digits"),
        ("+15550003333", "belongs to no country"),
        ("+19005551234", "is no ordinary number"),
        ("+881612345678", "belongs to no country"),
        ("+870773123456", "belongs to no country"),
        ("+493012345678", "DE is not among the countries"),
        ("+18765551234", "JM is not among the countries"),
    ],
)
def test_number_that_is_none_or_costs_more_is_refused(
    policy: CallingPolicy, number: str, words: str
) -> None:
    field, told = refusal(lambda: check_number(number, policy))
    assert field == "to"
    assert words in told


@pytest.mark.parametrize(
    ("country", "number"),
    [("GB", "+447012345678"), ("GB", "+448431234567"), ("FR", "+33899123456")],
)
def test_dear_number_is_refused_in_an_allowed_country_too(
    policy: CallingPolicy, country: str, number: str
) -> None:
    policy.countries = [country]
    assert "is no ordinary number" in refusal(lambda: check_number(number, policy))[1]


def test_own_number_is_never_called(policy: CallingPolicy, acme: Organization) -> None:
    PhoneNumber.objects.create(organization=acme, number=THEIRS, is_active=False)
    assert "do not call one another" in refusal(lambda: check_number(THEIRS, policy))[1]


def test_number_that_another_organization_answers_is_never_called(
    policy: CallingPolicy, rival: Organization
) -> None:
    PhoneNumber.objects.create(organization=rival, number=THEIRS, health="well")
    assert "do not call one another" in refusal(lambda: check_number(THEIRS, policy))[1]


@pytest.mark.parametrize(
    "about", [{}, {"health": "ill"}, {"health": "well", "is_active": False}]
)
def test_number_that_another_organization_only_typed_in_may_be_called(
    policy: CallingPolicy, rival: Organization, about: dict[str, Any]
) -> None:
    PhoneNumber.objects.create(organization=rival, number=THEIRS, **about)
    check_number(THEIRS, policy)


@pytest.mark.parametrize(("hour", "clock"), [(12, "Mon 04:00"), (6, "Sun 22:00")])
def test_nobody_is_called_at_night_by_the_clock_of_the_person_called(
    policy: CallingPolicy, hour: int, clock: str
) -> None:
    policy.calling_hours = "Mon-Sun 08:00-21:00"
    policy.time_zone = "Asia/Tokyo"
    at = datetime(2026, 3, 2, hour, tzinfo=UTC)
    field, words = refusal(lambda: check_hours("+14155552671", policy, at))
    assert field == "to"
    assert f"It is {clock} in America/Los_Angeles" in words


def test_call_goes_out_in_daytime(policy: CallingPolicy) -> None:
    policy.calling_hours = "Mon-Sat 08:00-21:00"
    check_hours(THEIRS, policy, MIDDAY)


def test_number_of_many_zones_is_called_when_it_is_day_in_all(
    policy: CallingPolicy,
) -> None:
    policy.calling_hours = "Mon-Sat 08:00-21:00"
    words = refusal(lambda: check_hours("+18005551234", policy, MIDDAY))[1]
    assert "Adak" in words or "Honolulu" in words or "Guam" in words


def test_number_that_tells_no_zone_is_called_by_the_policys_clock(
    policy: CallingPolicy,
) -> None:
    policy.calling_hours = "Mon-Sat 08:00-21:00"
    policy.time_zone = "Asia/Tokyo"
    assert time_zones("+15550003333") == ()
    words = refusal(lambda: check_hours("+15550003333", policy, MIDDAY))[1]
    assert "Asia/Tokyo" in words


def test_agents_own_number_is_seen_by_default(
    policy: CallingPolicy, agent: Agent
) -> None:
    assert caller_id(agent).number == OURS


def test_other_number_of_the_organization_may_be_seen(
    policy: CallingPolicy, agent: Agent, acme: Organization
) -> None:
    PhoneNumber.objects.create(organization=acme, number="+15550004444")
    assert caller_id(agent, "+15550004444").number == "+15550004444"


def test_strangers_number_is_never_seen(
    policy: CallingPolicy, agent: Agent, rival: Organization
) -> None:
    PhoneNumber.objects.create(organization=rival, number="+15550005555")
    field, words = refusal(lambda: caller_id(agent, "+15550005555"))
    assert field == "from"
    assert "is no active number of Acme" in words


def test_agent_without_a_number_needs_one_named(
    policy: CallingPolicy, agent: Agent
) -> None:
    PhoneNumber.objects.update(is_active=False)
    assert "Ava has no number of its own" in refusal(lambda: caller_id(agent))[1]


def test_account_without_a_trunk_is_told_of(
    policy: CallingPolicy, agent: Agent
) -> None:
    TwilioAccount.objects.update(termination_host="")
    field, words = refusal(lambda: caller_id(agent))
    assert field == "from"
    assert "no trunk for calls out yet" in words
