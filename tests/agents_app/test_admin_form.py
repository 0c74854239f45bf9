"""The agent form: what it explains, publishes, keeps as a draft and refuses."""

import re
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, Role, User
from agents_app.models import Agent

ADD = reverse("admin:agents_app_agent_add")


def page_of(agent: Agent) -> str:
    """The agent's page."""
    return reverse("admin:agents_app_agent_change", args=[agent.pk])


def form_of(agent: Agent, **changes: Any) -> dict[str, Any]:
    """What the browser sends when only these fields were touched."""
    values = model_to_dict(agent, exclude=["organization"])
    values["system_prompt"] = agent.system_prompt.replace("\n", "\r\n")
    return {k: v for k, v in (values | changes).items() if v is not None and v != ""}


def save(client: Client, agent: Agent, **changes: Any) -> str:
    """Save the agent's page; the text of the page that follows."""
    return client.post(page_of(agent), form_of(agent, **changes), follow=True).text


def test_saving_publishes_and_names_the_version(as_ed: Client, agent: Agent) -> None:
    page = save(as_ed, agent, voice="Kore")
    agent.refresh_from_db()
    assert agent.published_version and agent.published_version.config.voice == "Kore"
    assert "Saved. Callers hear version 2 from their next call." in page


def test_version_tells_who_published_it(as_ed: Client, agent: Agent, ed: User) -> None:
    save(as_ed, agent, voice="Kore")
    assert agent.versions.get(number=2).published_by == ed


def test_saving_without_a_change_makes_no_version(as_ed: Client, agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(system_prompt="You sell.\nBe brief.\n")
    agent.refresh_from_db()
    agent.publish()
    assert "Callers hear version 2" in save(as_ed, agent)
    assert agent.versions.count() == 2


def test_draft_is_kept_and_callers_do_not_hear_it(as_ed: Client, agent: Agent) -> None:
    page = save(as_ed, agent, voice="Kore", _draft="1")
    agent.refresh_from_db()
    assert agent.voice == "Kore"
    assert agent.published_version and agent.published_version.config.voice == "Puck"
    assert "Callers still hear version 1 until you publish." in page
    assert "Draft differs from what callers hear" in page


def test_new_agent_kept_as_draft_says_nobody_can_call(
    as_ed: Client, acme: Organization
) -> None:
    new = form_of(Agent(name="Nora", organization=acme), _draft="1")
    page = as_ed.post(ADD, new, follow=True).text
    assert "Saved as a draft. Nobody can call it until you publish it." in page


def test_organization_is_not_asked_of_people_with_one(
    as_ed: Client, acme: Organization
) -> None:
    assert 'name="organization"' not in as_ed.get(ADD).text
    as_ed.post(ADD, form_of(Agent(name="Nora")))
    assert Agent.objects.get(name="Nora").organization == acme


def test_organization_is_asked_of_people_with_several(
    as_ed: Client, ed: User, acme: Organization, rival: Organization, db: None
) -> None:
    Organization.objects.create(name="Stranger")
    Membership.objects.create(user=ed, organization=rival, role=Role.EDITOR)
    page = as_ed.get(ADD).text
    assert "Rival</option>" in page and "Acme</option>" in page
    assert "Stranger" not in page


def test_new_agent_in_an_organization_where_one_only_views_is_refused(
    as_ed: Client, ed: User, acme: Organization, rival: Organization
) -> None:
    Membership.objects.create(user=ed, organization=rival, role=Role.VIEWER)
    new = form_of(Agent(name="Nora"), organization=rival.pk)
    assert "Select a valid choice" in as_ed.post(ADD, new).text
    assert not Agent.objects.filter(name="Nora").exists()


def test_an_agent_never_changes_its_organization(
    admin_client: Client, agent: Agent, rival: Organization, acme: Organization
) -> None:
    save(admin_client, agent, organization=rival.pk)
    agent.refresh_from_db()
    assert agent.organization == acme


def test_name_that_is_taken_is_refused_in_words(as_ed: Client, agent: Agent) -> None:
    Agent.objects.create(organization=agent.organization, name="Bo")
    assert "choose another name" in save(as_ed, agent, name="Bo")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("greeting", "Hello {name}", "Nothing is known to fill {name} with."),
        ("farewell", "Bye {agent_name", "A brace has no partner."),
        ("greeting", "{agent_name:>999999999}", "Use {agent_name}"),
        ("variables", "day = a\nday = b", "is there twice"),
        ("variables", "agent_name = Bo", "cannot be a variable"),
        ("greeting", "x" * 601, "This has 601 characters. Shorten it to 600."),
        ("temperature", 2.5, "This is too high: use 2 or less."),
        ("max_call_seconds", 29, "This is too low: use 30 or more."),
        ("silence_seconds", 4, "This is too low: use 5 or more."),
        ("silence_seconds", "soon", "Enter a whole number."),
        ("system_prompt", "x" * 30_001, "Shorten it to 30,000."),
        ("voice", "Siri", "Siri is not one of the available choices."),
    ],
)
def test_error_lands_at_its_field_and_says_the_mend(
    as_ed: Client, agent: Agent, field: str, value: Any, words: str
) -> None:
    answer = as_ed.post(page_of(agent), form_of(agent, **{field: value}))
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert words in errors[field].as_text()


def test_page_with_an_error_offers_no_publish(as_ed: Client, agent: Agent) -> None:
    page = as_ed.post(page_of(agent), form_of(agent, voice="Kore", temperature=9)).text
    assert "/do/publish/" not in page


def test_form_tells_units_and_bounds(as_ed: Client, agent: Agent) -> None:
    page = as_ed.get(page_of(agent)).text
    assert "ends the call after this time. From 30 to 7200." in page
    assert 'min="30"' in page and "seconds</span>" in page


@pytest.mark.parametrize("sandbox", [True, False])
def test_form_says_when_the_sandbox_model_stands_in(
    as_ed: Client, agent: Agent, settings: Any, sandbox: bool
) -> None:
    settings.SANDBOX_MODEL = sandbox
    page = as_ed.get(page_of(agent)).text
    assert ("sandbox model stands in" in page) is sandbox
    assert "Models marked Vertex AI need" in page


def test_return_key_saves_and_publishes(as_ed: Client, agent: Agent) -> None:
    page = as_ed.get(page_of(agent)).text
    buttons = [page.find(f'name="{name}"') for name in ("_save", "_draft")]
    assert 0 < buttons[0] < buttons[1]
    assert page.find("Hear it") < page.find('type="submit" form="agent_form"')


def test_viewer_reads_without_buttons(client: Client, vic: User, agent: Agent) -> None:
    client.force_login(vic)
    page = client.get(page_of(agent)).text
    assert agent.greeting in page
    for button in ("_save", "_draft", "/do/", "Talk</a>", "/delete/", "Hear it"):
        assert button not in page


def test_viewer_cannot_save(client: Client, vic: User, agent: Agent) -> None:
    client.force_login(vic)
    assert client.post(page_of(agent), form_of(agent, voice="Kore")).status_code == 403
    assert client.get(ADD).status_code == 403


def test_agent_page_needs_few_queries(
    as_ed: Client,
    agent: Agent,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(9):
        as_ed.get(page_of(agent))


def opened(client: Client, agent: Agent) -> dict[str, str]:
    """The stamp of the agent that an editor's page carries."""
    return stamp_in(client.get(page_of(agent)).text)


def stamp_in(page: str) -> dict[str, str]:
    """The stamp as the browser sends it back."""
    found = re.search(r'name="opened_at_values" value="(\w+)"', page)
    assert found
    return {"opened_at_values": found[1]}


def test_second_editor_is_told_what_the_first_one_changed(
    client: Client, ed: User, alice: User, agent: Agent
) -> None:
    client.force_login(alice)
    mine = opened(client, agent)
    client.force_login(ed)
    save(client, agent, voice="Kore", **opened(client, agent))
    client.force_login(alice)
    page = save(client, agent, greeting="Good day!", **mine)
    agent.refresh_from_db()
    assert "ed changed this agent while you edited it" in page
    told = re.search(r"stored now in: ([\w, ]+)\.", page)
    assert told and set(told[1].split(", ")) == {"Voice", "Greeting"}
    assert (agent.voice, agent.greeting != "Good day!") == ("Kore", True)


def test_editor_who_was_told_and_saves_again_is_obeyed(
    client: Client, ed: User, agent: Agent
) -> None:
    client.force_login(ed)
    mine = opened(client, agent)
    save(client, agent, voice="Kore", **mine)
    changes = form_of(agent, voice="Puck", greeting="Good day!") | mine
    page = client.post(page_of(agent), changes).text
    client.post(page_of(agent), changes | stamp_in(page))
    agent.refresh_from_db()
    assert (agent.voice, agent.greeting) == ("Puck", "Good day!")


def test_page_that_is_sent_twice_is_saved_without_a_word_of_others(
    as_ed: Client, agent: Agent
) -> None:
    changes = {"voice": "Kore", "system_prompt": "Be kind.\r\nBe brief."}
    mine = opened(as_ed, agent) | changes
    for _ in range(2):
        assert "Saved. Callers hear version 2" in save(as_ed, agent, **mine)


def test_editor_alone_is_not_held_up(as_ed: Client, agent: Agent) -> None:
    for voice in ("Kore", "Puck"):
        assert "Saved." in save(as_ed, agent, voice=voice, **opened(as_ed, agent))


def test_variables_are_written_as_lines_and_heard_by_callers(
    as_ed: Client, agent: Agent
) -> None:
    lines = "first_name = there\r\nday = today"
    page = save(as_ed, agent, variables=lines, greeting="Hello {first_name}.")
    agent.refresh_from_db()
    assert "day = today\nfirst_name = there</textarea>" in page
    assert agent.published_version
    assert agent.published_version.config.line("greeting") == "Hello there."
