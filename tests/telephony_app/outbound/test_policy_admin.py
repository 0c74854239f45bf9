"""Calling policies in the admin."""

from typing import Any

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, Role, User
from telephony_app.models import CallingPolicy
from tests.telephony_app.pages import ADMIN, errors_of, page, url_of

LIST = reverse(f"{ADMIN}callingpolicy_changelist")
ADD = reverse(f"{ADMIN}callingpolicy_add")


def fields(**changes: Any) -> dict[str, Any]:
    """What the browser sends from a policy's form."""
    return {
        "may_call_out": "on",
        "countries": ["US", "DE"],
        "calling_hours": "Mon-Fri 09:00-17:00",
        "time_zone": "Europe/Berlin",
        "max_calls": 5,
        "calls_per_minute": 2,
        "minutes_per_day": 60,
        "cool_down_minutes": 5,
        "recordings_days": 30,
    } | changes


def test_admin_allows_countries_by_name(as_alice: Client, acme: Organization) -> None:
    assert "United States" in page(as_alice, ADD)
    as_alice.post(ADD, fields())
    policy = CallingPolicy.objects.get(organization=acme)
    assert (policy.may_call_out, policy.countries) == (True, ["US", "DE"])
    text = page(as_alice, LIST)
    assert "United States, Germany" in text and "US" not in text.split("<tbody")[1]


def test_calling_out_needs_a_country(as_alice: Client) -> None:
    answer = as_alice.post(ADD, fields(countries=[]))
    assert "at least one country" in str(errors_of(answer))


def test_country_that_there_is_not_is_refused(as_alice: Client) -> None:
    assert "countries" in errors_of(as_alice.post(ADD, fields(countries=["XX"])))


def test_hours_say_how_to_write_them(as_alice: Client) -> None:
    answer = as_alice.post(ADD, fields(calling_hours="daily"))
    assert "Mon-Fri 09:00-17:00" in str(errors_of(answer))


def test_second_policy_is_refused(as_alice: Client, acme: Organization) -> None:
    CallingPolicy.objects.create(organization=acme)
    assert "has its policy" in as_alice.post(ADD, fields()).text
    assert CallingPolicy.objects.count() == 1


def test_second_policy_is_refused_where_several_organizations_can_be_chosen(
    as_alice: Client, alice: User, acme: Organization, rival: Organization
) -> None:
    Membership.objects.create(user=alice, organization=rival, role=Role.ADMIN)
    CallingPolicy.objects.create(organization=acme)
    errors = errors_of(as_alice.post(ADD, fields(organization=acme.pk)))
    assert errors == {
        "organization": ["This organization has its policy: change that one."]
    }
    as_alice.post(ADD, fields(organization=rival.pk))
    assert CallingPolicy.objects.filter(organization=rival).exists()


def test_saving_says_what_holds_now(as_alice: Client, acme: Organization) -> None:
    text = as_alice.post(ADD, fields(), follow=True).text
    assert "Saved. Calls out of Acme keep to it from now on." in text


def test_editor_changes_no_policy(as_ed: Client, acme: Organization) -> None:
    policy = CallingPolicy.objects.create(organization=acme)
    assert as_ed.get(ADD).status_code == 403
    assert as_ed.post(url_of(policy), fields()).status_code == 403


def test_many_countries_are_a_few_names_and_a_count(
    as_alice: Client, acme: Organization
) -> None:
    codes = ["US", "DE", "FR", "AT", "CH", "IT"]
    CallingPolicy.objects.create(organization=acme, countries=codes)
    assert "and 2 more" in page(as_alice, LIST)


def test_empty_list_says_that_nobody_is_called(as_alice: Client) -> None:
    assert "agents call nobody" in page(as_alice, LIST)


def test_list_costs_the_same_queries_however_long(
    client: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(20):
        place = Organization.objects.create(name=f"O{n}")
        Membership.objects.create(user=alice, organization=place, role=Role.ADMIN)
        CallingPolicy.objects.create(organization=place, countries=["US"])
    client.force_login(alice)
    with django_assert_max_num_queries(8):
        page(client, LIST)
