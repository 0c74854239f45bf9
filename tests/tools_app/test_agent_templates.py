"""Agents to start from: what each is, and what is made of it."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Organization
from agents_app.models import Agent
from tools_app.agent_templates import PLACE, AgentTemplate, agent_templates, make_agent
from tools_app.models import Kind, PlatformTool

TEMPLATES = list(agent_templates().values())
HEADINGS = ["# Style", "# Flow", "# What you know", "# Tools", "# Guardrails"]


def made(template: AgentTemplate, acme: Organization, **given: str) -> Agent:
    """The agent that Acme makes of it."""
    values = {"name": "Nora", "business": "Bluebird"} | given
    return make_agent(template, organization=acme, **values)


@pytest.fixture
def calendar(db: None) -> PlatformTool:
    """A calendar for everybody."""
    PlatformTool.objects.filter(key="google_calendar").delete()
    tool = PlatformTool.objects.create(key="google_calendar", name="Calendar")
    for name in ("check_availability", "create_event", "delete_event"):
        tool.functions.create(name=name)
    return tool


def test_there_are_the_three_that_people_start_with() -> None:
    assert list(agent_templates()) == ["appointments", "leads", "support"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_prompt_has_its_sections_in_order(template: AgentTemplate) -> None:
    prompt = str(template.prompt)
    places = [prompt.index(f"{heading}\n") for heading in HEADINGS]
    assert places == sorted(places)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_agent_is_usable_and_has_names_filled_in(
    template: AgentTemplate, acme: Organization
) -> None:
    agent = made(template, acme)
    assert "Bluebird" in agent.system_prompt and "Nora" in agent.system_prompt
    assert "{" not in agent.system_prompt
    assert "Bluebird" in agent.config.line("greeting")
    assert agent.published_version is None


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_agent_has_places_for_staff_to_fill_in(
    template: AgentTemplate, acme: Organization
) -> None:
    assert made(template, acme).system_prompt.count(PLACE) == 2


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_every_tool_that_a_template_wants_can_be_installed(
    template: AgentTemplate,
) -> None:
    known = {"end_call", "transfer_call", "send_sms", "google_calendar"}
    assert {wanted.key for wanted in template.tools} <= known


def test_business_with_braces_is_said_as_it_is_written(acme: Organization) -> None:
    agent = made(agent_templates()["support"], acme, business="{Curly} & Co")
    assert "{Curly} & Co" in agent.config.line("greeting")


def test_agent_gets_the_tools_that_there_are(
    acme: Organization, calendar: PlatformTool
) -> None:
    PlatformTool.objects.exclude(pk=calendar.pk).delete()
    [row] = made(agent_templates()["appointments"], acme).tools.all()
    assert (row.platform_tool, row.name) == (calendar, "google_calendar")
    assert (row.config, row.unselected_functions) == ({}, [])


def test_functions_that_the_template_does_not_want_are_unticked(
    acme: Organization, calendar: PlatformTool
) -> None:
    row = made(agent_templates()["leads"], acme).tools.get(platform_tool=calendar)
    assert row.unselected_functions == ["delete_event"]


def test_own_tool_goes_before_everybodys(
    acme: Organization, rival: Organization, calendar: PlatformTool
) -> None:
    for place in (acme, rival):
        PlatformTool.objects.create(
            organization=place, key="google_calendar", name=place.name, kind=Kind.HTTP
        )
    agent = made(agent_templates()["appointments"], acme)
    names = agent.tools.values_list("platform_tool__name", flat=True)
    assert "Acme" in names and not {"Calendar", "Rival"} & set(names)


def test_tool_that_is_gone_is_not_given(
    acme: Organization, calendar: PlatformTool
) -> None:
    calendar.removed_at = calendar.changed_at
    calendar.save()
    agent = made(agent_templates()["appointments"], acme)
    assert not agent.tools.filter(platform_tool=calendar).exists()


def test_name_that_is_taken_makes_nothing(acme: Organization, agent: Agent) -> None:
    with pytest.raises(ValidationError, match="choose another name"):
        made(agent_templates()["support"], acme, name=agent.name)
    assert Agent.objects.count() == 1
