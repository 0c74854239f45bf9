"""An agent's history: readable, and restorable."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from agents_app.models import Agent
from tests.telephony_app.conftest import call_of


def history_of(agent: Agent) -> str:
    """The agent's history."""
    return reverse("admin:agents_app_agent_history", args=[agent.pk])


def restore_of(agent: Agent, number: int) -> str:
    """The page that asks whether to go back."""
    return reverse("admin:agents_app_agent_restore", args=[agent.pk, number])


def publish(agent: Agent, by: User | None = None, **changes: Any) -> None:
    """Publish the agent with these changes."""
    for name, value in changes.items():
        setattr(agent, name, value)
    agent.save()
    agent.publish(by=by)


@pytest.fixture
def changed(agent: Agent, ed: User) -> Agent:
    """An agent with three versions, the last one by Ed."""
    publish(agent, voice="Kore")
    publish(agent, by=ed, system_prompt="You sell bicycles.\nBe brief.")
    return agent


def test_versions_are_told_newest_first_with_their_calls(
    as_ed: Client, changed: Agent
) -> None:
    call_of(changed)
    rows = as_ed.get(history_of(changed)).context["rows"]
    assert [row["version"].number for row in rows] == [3, 2, 1]
    assert [row["facts"] for row in rows] == [["1 call"], ["0 calls"], ["0 calls"]]


def test_version_tells_who_and_what_changed(as_ed: Client, changed: Agent) -> None:
    page = as_ed.get(history_of(changed)).text
    assert "by ed" in page
    assert "1 field changed: Voice" in page
    assert "<del>Puck, upbeat</del>" in page and "<ins>Kore, firm</ins>" in page


def test_words_of_a_prompt_are_escaped(as_ed: Client, agent: Agent) -> None:
    publish(agent, system_prompt="<script>alert(1)</script>")
    assert "<script>alert(1)" not in as_ed.get(history_of(agent)).text


def test_last_version_of_a_page_is_compared_with_the_one_before(
    as_ed: Client, agent: Agent
) -> None:
    for n in range(22):
        publish(agent, silence_seconds=20 + n)
    first = as_ed.get(history_of(agent)).context["rows"]
    second = as_ed.get(history_of(agent), {"page": 2}).context["rows"]
    assert [len(row["changes"]) for row in first] == [1] * 20
    assert [row["version"].number for row in second] == [3, 2, 1]
    assert second[-1]["changes"] is None


def test_history_shows_the_draft(as_ed: Client, changed: Agent) -> None:
    Agent.objects.filter(pk=changed.pk).update(greeting="Ahoy")
    assert "<ins>Ahoy</ins>" in as_ed.get(history_of(changed)).text


def test_history_needs_the_same_queries_however_many_versions(
    as_ed: Client, agent: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        publish(agent, silence_seconds=20 + n)
    with django_assert_num_queries(9):
        as_ed.get(history_of(agent))


def test_restoring_asks_first_and_shows_what_changes(
    as_ed: Client, changed: Agent
) -> None:
    page = as_ed.get(restore_of(changed, 1)).text
    assert "Go back to version 1?" in page and "<ins>Puck, upbeat</ins>" in page
    assert changed.versions.count() == 3


def test_restoring_publishes_the_old_one_as_the_newest(
    as_ed: Client, changed: Agent, ed: User
) -> None:
    page = as_ed.post(restore_of(changed, 1), follow=True).text
    assert "Version 1 is restored. Callers hear version 4" in page
    newest = changed.versions.get(number=4)
    assert newest.config.voice == "Puck" and newest.published_by == ed


def test_restoring_a_name_that_is_taken_says_so(as_ed: Client, agent: Agent) -> None:
    publish(agent, name="Ada")
    Agent.objects.create(organization=agent.organization, name="Ava")
    page = as_ed.post(restore_of(agent, 1), follow=True).text
    assert "choose another name" in page
    assert agent.versions.count() == 2


def test_restoring_a_version_whose_model_is_gone_says_so(
    as_ed: Client, changed: Agent
) -> None:
    first = changed.versions.get(number=1)
    first.raw_config["model"] = "gemini-of-yesterday"
    first.save()
    assert "gemini-of-yesterday" in as_ed.post(restore_of(changed, 1), follow=True).text
    assert changed.versions.count() == 3


def test_restoring_is_for_editors(client: Client, vic: User, changed: Agent) -> None:
    client.force_login(vic)
    assert client.post(restore_of(changed, 1)).status_code == 403
    page = client.get(history_of(changed))
    assert page.status_code == 200 and "/restore/" not in page.text


def test_unknown_version_is_not_found(as_ed: Client, agent: Agent) -> None:
    assert as_ed.get(restore_of(agent, 99)).status_code == 404


def test_new_agent_without_versions_says_how_to_get_one(
    as_ed: Client, acme: Any
) -> None:
    agent = Agent.objects.create(organization=acme, name="Bo")
    assert "No versions yet" in as_ed.get(history_of(agent)).text
