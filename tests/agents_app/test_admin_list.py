"""The list of agents, and what one click does to one or several."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, Role, User
from agents_app.models import Agent, Status
from tests.agents_app.test_admin_form import page_of
from tests.telephony_app.conftest import call_of

LIST = reverse("admin:agents_app_agent_changelist")


def do(client: Client, agent: Agent, verb: str) -> Any:
    """Press a button of the agent's page."""
    url = reverse("admin:agents_app_agent_do", args=[agent.pk, verb])
    return client.post(url, follow=True)


def act(client: Client, action: str, *agents: Agent) -> str:
    """Run a list action over the agents; the page that follows."""
    chosen = [agent.pk for agent in agents]
    data = {"action": action, "_selected_action": chosen}
    return client.post(LIST, data, follow=True).text


@pytest.fixture
def bo(acme: Organization) -> Agent:
    """Acme's second agent, never published."""
    return Agent.objects.create(organization=acme, name="Bo")


def test_status_tells_what_hinders_most(agent: Agent, bo: Agent) -> None:
    assert (agent.status, bo.status) == (Status.ACTIVE, Status.UNPUBLISHED)
    agent.voice = "Kore"
    assert agent.status == Status.DRAFT
    agent.is_active = False
    assert agent.status == Status.INACTIVE


def test_agent_whose_model_is_gone_does_not_break_the_list(
    as_ed: Client, agent: Agent
) -> None:
    Agent.objects.filter(pk=agent.pk).update(model="gemini-of-yesterday")
    assert "Active, draft waiting" in as_ed.get(LIST).text


def test_list_tells_calls_of_today_and_the_last_one(
    as_ed: Client, agent: Agent, bo: Agent
) -> None:
    call_of(agent)
    rows = {row.name: row for row in as_ed.get(LIST).context["cl"].result_list}
    assert (rows["Ava"].calls_today, rows["Bo"].calls_today) == (1, 0)
    page = as_ed.get(LIST).text
    assert "just now" in page and "never" in page


def test_organization_is_told_to_people_with_several(
    as_ed: Client, ed: User, agent: Agent, rival: Organization
) -> None:
    assert "column-organization" not in as_ed.get(LIST).text
    Membership.objects.create(user=ed, organization=rival)
    page = as_ed.get(LIST).text
    assert "column-organization" in page


def test_organization_filter_names_only_ones_own(
    as_ed: Client, ed: User, agent: Agent, rival: Organization, db: None
) -> None:
    Organization.objects.create(name="Stranger")
    Membership.objects.create(user=ed, organization=rival)
    page = as_ed.get(LIST).text
    assert "Rival" in page and "Stranger" not in page


def test_talk_is_offered_where_one_may_and_somebody_answers(
    as_ed: Client, agent: Agent, bo: Agent
) -> None:
    page = as_ed.get(LIST).text
    assert reverse("admin:talk", args=[agent.pk]) in page
    assert reverse("admin:talk", args=[bo.pk]) not in page


def test_talk_is_not_offered_to_viewers(
    client: Client, vic: User, agent: Agent
) -> None:
    client.force_login(vic)
    assert "talk/" not in client.get(LIST).text


def test_search_finds_by_prompt(as_ed: Client, agent: Agent, bo: Agent) -> None:
    Agent.objects.filter(pk=bo.pk).update(system_prompt="You sell bicycles.")
    found = as_ed.get(LIST, {"q": "bicycles"}).context["cl"].result_list
    assert [row.name for row in found] == ["Bo"]


def test_empty_list_says_what_to_do_next(as_ed: Client) -> None:
    page = as_ed.get(LIST).text
    assert "Make the first agent" in page
    assert 'id="searchbar"' not in page


def test_empty_list_sends_viewers_to_an_editor(client: Client, vic: User) -> None:
    client.force_login(vic)
    page = client.get(LIST).text
    assert "Ask an editor" in page and "Make the first agent" not in page


def test_list_needs_the_same_queries_however_many_agents(
    as_ed: Client, agent: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(8):
        other = Agent.objects.create(organization=agent.organization, name=f"N{n}")
        other.publish()
    with django_assert_num_queries(9):
        as_ed.get(LIST)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("deactivate", "Deactivated: callers hear that it is unavailable."),
        ("activate", "Activated. Callers hear version 1 from their next call."),
        ("publish", "Published. Callers hear version 1 from their next call."),
        ("duplicate", "This is the copy. Nobody can call it until you publish it."),
        ("discard", "The draft is discarded. Callers hear version 1"),
    ],
)
def test_button_says_what_callers_hear_now(
    as_ed: Client, agent: Agent, verb: str, words: str
) -> None:
    assert words in do(as_ed, agent, verb).text


def test_publishing_a_draft_makes_a_version(as_ed: Client, agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(voice="Kore")
    assert "Callers hear version 2" in do(as_ed, agent, "publish").text


def test_publishing_a_spoilt_draft_says_why_not(as_ed: Client, agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(greeting="Hello {who}")
    assert "Nothing is known to fill {who} with." in do(as_ed, agent, "publish").text
    assert agent.versions.count() == 1


def test_discarding_a_draft_brings_back_what_callers_hear(
    as_ed: Client, agent: Agent
) -> None:
    Agent.objects.filter(pk=agent.pk).update(voice="Kore")
    do(as_ed, agent, "discard")
    agent.refresh_from_db()
    assert (agent.voice, agent.has_draft) == ("Puck", False)


def test_buttons_work_by_post_only(as_ed: Client, agent: Agent) -> None:
    url = reverse("admin:agents_app_agent_do", args=[agent.pk, "deactivate"])
    assert as_ed.get(url).status_code == 405


def test_unknown_verb_is_not_found(as_ed: Client, agent: Agent) -> None:
    assert do(as_ed, agent, "explode").status_code == 404


def test_viewer_presses_no_button(client: Client, vic: User, agent: Agent) -> None:
    client.force_login(vic)
    assert do(client, agent, "deactivate").status_code == 403


def test_action_counts_in_the_right_number(
    as_ed: Client, agent: Agent, bo: Agent
) -> None:
    assert "2 agents deactivated." in act(as_ed, "deactivate_selected", agent, bo)
    assert "1 agent activated." in act(as_ed, "activate_selected", agent)
    assert "1 copy made." in act(as_ed, "duplicate_selected", agent)
    assert Agent.objects.get(name="Ava (copy)").is_active is False


def test_agent_whose_values_fit_no_more_is_copied_as_it_is(
    as_ed: Client, agent: Agent, bo: Agent
) -> None:
    Agent.objects.filter(pk=agent.pk).update(model="gemini-of-yesterday")
    page = do(as_ed, agent, "duplicate").text
    assert "This is the copy. Nobody can call it until you publish it." in page
    copy = Agent.objects.get(name="Ava (copy)")
    assert (copy.model, copy.status) == ("gemini-of-yesterday", Status.UNPUBLISHED)


def test_action_copies_all_and_says_which_cannot_be_published(
    as_ed: Client, agent: Agent, bo: Agent
) -> None:
    Agent.objects.filter(pk=agent.pk).update(model="gemini-of-yesterday")
    page = act(as_ed, "duplicate_selected", agent, bo)
    assert "2 copies made." in page
    assert "Ava (copy) cannot be published as it is: " in page
    assert "Bo (copy) cannot be published" not in page


def test_action_leaves_alone_what_one_only_views(
    as_ed: Client, ed: User, agent: Agent, rival: Organization
) -> None:
    Membership.objects.create(user=ed, organization=rival, role=Role.VIEWER)
    theirs = Agent.objects.create(organization=rival, name="Zed")
    assert "1 agent deactivated." in act(as_ed, "deactivate_selected", agent, theirs)
    theirs.refresh_from_db()
    assert theirs.is_active


def test_viewer_is_offered_no_actions(client: Client, vic: User, agent: Agent) -> None:
    client.force_login(vic)
    act(client, "deactivate_selected", agent)
    agent.refresh_from_db()
    assert agent.is_active
    assert "deactivate_selected" not in client.get(LIST).text


def test_admin_deletes_and_is_told_what_goes_with_it(
    client: Client, alice: User, agent: Agent
) -> None:
    call_of(agent)
    client.force_login(alice)
    delete = reverse("admin:agents_app_agent_delete", args=[agent.pk])
    page = client.get(delete)
    assert (
        page.context["model_count"]
        == {"agents": 1, "agent versions": 1, "calls": 1}.items()
    )
    client.post(delete, {"post": "yes"})
    assert not Agent.objects.exists()


def test_editor_does_not_delete(as_ed: Client, agent: Agent) -> None:
    delete = reverse("admin:agents_app_agent_delete", args=[agent.pk])
    assert as_ed.post(delete, {"post": "yes"}).status_code == 403
    assert "/delete/" not in as_ed.get(page_of(agent)).text
