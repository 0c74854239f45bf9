"""The home page: what matters now, for the person who looks."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from agents_app.models import Agent
from telephony_app.models import Call, Cause, PhoneNumber, State, WorkerHeartbeat
from tests.telephony_app.conftest import call_of

HOME = reverse("admin:index")


def ended(agent: Agent, cause: Cause, *, days_ago: int = 0) -> Call:
    """A call that ended for this cause."""
    begun = timezone.now() - timedelta(days=days_ago)
    return call_of(agent, state=State.ENDED, cause=cause, created_at=begun)


def ill_number(organization: Organization, number: str) -> PhoneNumber:
    """A number of which the doctor found that it does not work."""
    ill = PhoneNumber.Health.ILL
    return PhoneNumber.objects.create(
        organization=organization, number=number, health=ill
    )


def test_numbers_that_do_not_work_are_named(
    as_ed: Client, acme: Organization, rival: Organization
) -> None:
    ours, theirs = ill_number(acme, "+15550002222"), ill_number(rival, "+15550003333")
    page = as_ed.get(HOME).text
    assert "A telephone number does not work." in page
    assert ours.pretty in page and theirs.pretty not in page


def test_number_that_is_switched_off_is_no_news(
    as_ed: Client, acme: Organization
) -> None:
    ill_number(acme, "+15550002222")
    PhoneNumber.objects.update(is_active=False)
    assert "does not work" not in as_ed.get(HOME).text


def test_many_numbers_are_a_few_names_and_the_list(
    as_ed: Client, acme: Organization
) -> None:
    for n in range(7):
        ill_number(acme, f"+1555000222{n}")
    page = as_ed.get(HOME).text
    assert "7 telephone numbers do not work." in page
    assert "?health__exact=ill" in page


def test_sandbox_is_announced_with_the_way_out(as_ed: Client, settings: Any) -> None:
    settings.SANDBOX_MODEL = True
    page = as_ed.get(HOME).text
    assert "The sandbox model answers the calls." in page
    assert "GOOGLE_API_KEY" in page


def test_real_model_needs_no_notice(as_ed: Client, settings: Any) -> None:
    settings.SANDBOX_MODEL = False
    assert "sandbox model answers" not in as_ed.get(HOME).text


def test_missing_worker_is_said_with_the_mend(as_ed: Client) -> None:
    page = as_ed.get(HOME).text
    assert "No voice worker is running" in page and "run_voice_worker" in page


def test_full_workers_are_said(
    as_ed: Client, agent: Agent, worker: WorkerHeartbeat
) -> None:
    for _ in range(worker.places):
        call_of(agent)
    assert "all lines are busy" in as_ed.get(HOME).text


def test_capacity_counts_only_workers_that_take_calls(
    as_ed: Client, worker: WorkerHeartbeat
) -> None:
    WorkerHeartbeat.objects.create(name="w2", places=4, is_draining=True)
    gone = timezone.now() - timedelta(seconds=10)
    WorkerHeartbeat.objects.create(name="w3", places=8, seen_at=gone)
    capacity = as_ed.get(HOME).context["capacity"]
    assert (capacity.workers, capacity.places, capacity.free) == (2, 2, 2)


def test_failures_are_a_share_of_the_calls(as_ed: Client, agent: Agent) -> None:
    for cause in [Cause.CALLER_HUNG_UP, Cause.SILENCE, Cause.MODEL_UNAVAILABLE]:
        ended(agent, cause)
    context = as_ed.get(HOME).context
    assert (context["total"], context["failed"], context["failed_percent"]) == (
        3,
        1,
        33,
    )


def test_one_failure_in_a_thousand_is_not_nothing(as_ed: Client, agent: Agent) -> None:
    Call.objects.bulk_create(
        Call(organization=agent.organization, agent=agent, room=f"r{n}")
        for n in range(999)
    )
    ended(agent, Cause.ERROR)
    assert as_ed.get(HOME).context["failed_percent"] == 1


def test_chart_has_each_of_the_last_days_and_no_more(
    as_ed: Client, agent: Agent
) -> None:
    for days_ago in (0, 0, 13, 14):
        ended(agent, Cause.CALLER_HUNG_UP, days_ago=days_ago)
    days = as_ed.get(HOME).context["days"]
    assert [day.total for day in days] == [1, *[0] * 12, 2]
    assert days[-1].date == timezone.localdate()


@pytest.mark.parametrize(("zone", "day"), [("UTC", 1), ("Pacific/Auckland", 2)])
def test_day_is_the_one_of_the_settings_time_zone(
    as_ed: Client, agent: Agent, settings: Any, zone: str, day: int
) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel("2026-03-01T20:00:00Z", tick=False):
        as_ed.force_login(User.objects.get(username="ed"))
        ended(agent, Cause.CALLER_HUNG_UP)
        last = as_ed.get(HOME).context["days"][-1]
    assert (last.date.day, last.total) == (day, 1)


def test_latest_calls_tell_how_they_went(as_ed: Client, agent: Agent) -> None:
    call = ended(agent, Cause.MODEL_UNAVAILABLE)
    page = as_ed.get(HOME).text
    assert "Failed: the model was unreachable" in page
    assert reverse("admin:telephony_app_call_change", args=[call.pk]) in page


def test_agents_are_there_to_talk_to(as_ed: Client, agent: Agent) -> None:
    assert reverse("admin:talk", args=[agent.pk]) in as_ed.get(HOME).text


def test_viewer_sees_agents_and_no_talk(
    client: Client, vic: User, agent: Agent
) -> None:
    client.force_login(vic)
    page = client.get(HOME).text
    assert "Ava" in page and "/talk/" not in page


def test_strangers_calls_and_agents_do_not_count(
    client: Client, mallory: User, agent: Agent
) -> None:
    call_of(agent)
    client.force_login(mallory)
    answer = client.get(HOME)
    assert "Ava" not in answer.text
    assert (answer.context["calls_now"], answer.context["total"]) == (0, 0)


def test_first_thing_to_do_is_an_agent_then_a_call(
    as_ed: Client, acme: Any, agent: Agent
) -> None:
    assert "Press <em>Talk</em> beside an agent" in as_ed.get(HOME).text
    agent.delete()
    assert "Make the first agent" in as_ed.get(HOME).text


def test_person_of_no_organization_is_told_whom_to_ask(
    client: Client, db: None
) -> None:
    client.force_login(User.objects.create_user("lone", is_staff=True))
    page = client.get(HOME).text
    assert "You belong to no organization yet" in page and "lone" in page


def test_home_is_not_a_table_of_models(admin_client: Client, agent: Agent) -> None:
    assert "Periodic tasks" not in admin_client.get(HOME).text


def test_home_needs_the_same_queries_however_many_rows(
    as_ed: Client,
    agent: Agent,
    worker: WorkerHeartbeat,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(12):
        other = Agent.objects.create(organization=agent.organization, name=f"N{n}")
        other.publish()
        ended(other, Cause.CALLER_HUNG_UP, days_ago=n)
        ill_number(agent.organization, f"+155500022{n:02}")
    with django_assert_num_queries(13):
        as_ed.get(HOME)
