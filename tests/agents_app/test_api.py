"""The API of agents, for people signed in to the admin."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.models import Organization, User
from agents_app.models import Agent


def test_agents_are_told_with_what_callers_hear(as_ed: Client, agent: Agent) -> None:
    [told] = as_ed.get("/api/v1/agents").json()["results"]
    assert (told["id"], told["name"], told["version"]) == (agent.pk, "Ava", 1)
    assert (told["is_active"], told["voice"]) == (True, "Puck")


def test_agent_never_published_has_no_version(as_ed: Client, acme: Any) -> None:
    Agent.objects.create(organization=acme, name="Draft")
    [told] = as_ed.get("/api/v1/agents").json()["results"]
    assert told["version"] is None


def test_foreign_agents_are_not_told(
    client: Client, mallory: User, agent: Agent
) -> None:
    client.force_login(mallory)
    assert client.get("/api/v1/agents").json()["results"] == []


def test_stranger_without_login_is_refused(client: Client, agent: Agent) -> None:
    assert client.get("/api/v1/agents").status_code == 403


def test_pages_follow_one_another_without_gap(
    as_ed: Client, acme: Organization
) -> None:
    for number in range(5):
        Agent.objects.create(organization=acme, name=f"Agent {number}")
    names, url = [], "/api/v1/agents?page_size=2"
    while url:
        page = as_ed.get(url).json()
        names += [told["name"] for told in page["results"]]
        url = page["next"]
    assert names == [f"Agent {number}" for number in range(5)]


def test_page_costs_the_same_queries_however_full(
    as_ed: Client,
    acme: Organization,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number in range(20):
        Agent.objects.create(organization=acme, name=f"Agent {number}").publish()
    with django_assert_num_queries(3):  # session, user, agents
        as_ed.get("/api/v1/agents")
