"""An agent's tool: choosing it, setting it up, what its form explains and refuses."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from agents_app.models import Agent
from tests.tools_app.admin.conftest import errors_of, fields_of, page, url_of
from tools_app.models import AgentTool, PlatformTool

ADD = reverse("admin:tools_app_agenttool_add")


def add_url(agent: Agent, tool: PlatformTool) -> str:
    """Where the tool is given to the agent."""
    return f"{ADD}?agent={agent.pk}&tool={tool.pk}"


def save(client: Client, row: AgentTool, **changes: Any) -> AgentTool:
    """Save the tool's page; the row after it."""
    answer = client.post(url_of(row), fields_of(row, **changes))
    assert answer.status_code == 302, errors_of(answer)
    return AgentTool.objects.get(pk=row.pk)


def test_tools_to_choose_are_those_of_the_agents_organization(
    as_ed: Client, agent: Agent, weather: PlatformTool, rivals_tool: PlatformTool
) -> None:
    text = page(as_ed, ADD, agent=agent.pk)
    assert "Forecasts and alerts." in text and f"tool={weather.pk}" in text
    assert rivals_tool.name not in text


def test_removed_tool_cannot_be_chosen(
    as_ed: Client, agent: Agent, weather: PlatformTool
) -> None:
    weather.removed_at = weather.changed_at
    weather.save()
    assert "Forecasts and alerts." not in page(as_ed, ADD, agent=agent.pk)
    assert as_ed.get(add_url(agent, weather)).status_code == 404


def test_no_tool_yet_says_where_they_come_from(as_ed: Client, agent: Agent) -> None:
    PlatformTool.objects.all().delete()
    assert "manage.py sync_tools" in page(as_ed, ADD, agent=agent.pk)


def test_form_has_native_fields_with_the_tools_defaults(
    as_ed: Client, agent: Agent, weather: PlatformTool
) -> None:
    form = as_ed.get(add_url(agent, weather)).context["adminform"].form
    assert 'value="&quot;metric&quot;" selected' in str(form["config__units"])
    assert 'name="secret__api_key"' in str(form["secret__api_key"])
    assert form["functions"].value() == ["forecast", "subscribe", "hang", "explode"]
    assert form["timeout_seconds"].value() == 10


def test_agent_gets_the_tool(
    as_ed: Client, agent: Agent, weather: PlatformTool
) -> None:
    new = AgentTool(agent=agent, platform_tool=weather, name="weather")
    fields = fields_of(new, config__units='"imperial"', secret__api_key="key-1234567")
    text = as_ed.post(add_url(agent, weather), fields, follow=True).text
    row = AgentTool.objects.get(agent=agent)
    assert (row.platform_tool, row.config) == (weather, {"units": "imperial"})
    assert row.sensitive_config.reveal() == {"api_key": "key-1234567"}
    assert "Saved. Ava has it from its next call. Press Test to try it now." in text


def test_second_use_of_a_tool_gets_a_name_of_its_own(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    url = add_url(agent, avas_weather.platform_tool)
    assert as_ed.get(url).context["adminform"].form["name"].value() == "weather-2"


def test_name_that_the_agent_has_already_is_refused(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    url = add_url(agent, avas_weather.platform_tool)
    answer = as_ed.post(url, fields_of(avas_weather))
    assert "choose another name" in str(errors_of(answer))


def test_default_is_not_stored(as_ed: Client, avas_weather: AgentTool) -> None:
    assert save(as_ed, avas_weather).config == {}
    row = save(as_ed, avas_weather, config__units='"imperial"')
    assert row.config == {"units": "imperial"}


def test_unticked_function_is_stored_as_unselected(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    row = save(as_ed, avas_weather, functions=["forecast", "hang", "explode"])
    assert row.unselected_functions == ["subscribe"]
    assert save(as_ed, avas_weather).unselected_functions == []


def test_function_that_is_gone_stays_unselected_for_when_it_is_back(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    avas_weather.unselected_functions = ["gone"]
    avas_weather.save()
    row = save(as_ed, avas_weather, functions=["forecast"])
    assert row.unselected_functions == ["gone", "subscribe", "hang", "explode"]


def test_form_shows_what_the_model_is_told(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    text = page(as_ed, url_of(avas_weather))
    assert "Tell the weather of the next days in a city." in text
    assert "&quot;description&quot;: &quot;As the caller says it.&quot;" in text
    assert "Changes something" in text


def test_function_that_the_model_would_refuse_is_an_error(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    pair = {"type": "array", "prefixItems": [{"type": "string"}]}
    forecast = avas_weather.platform_tool.functions.get(name="forecast")
    forecast.parameters = {"type": "object", "properties": {"pair": pair}}
    forecast.save()
    answer = as_ed.post(url_of(avas_weather), fields_of(avas_weather))
    [words] = errors_of(answer)["functions"]
    assert words.startswith("The model would refuse forecast: pair:")
    save(as_ed, avas_weather, functions=["subscribe"])


def test_refused_function_is_not_ticked_at_first(
    as_ed: Client, agent: Agent, weather: PlatformTool
) -> None:
    weather.functions.filter(name="hang").update(rejection="It has no good name.")
    form = as_ed.get(add_url(agent, weather)).context["adminform"].form
    assert form["functions"].value() == ["forecast", "subscribe", "explode"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("config__units", '"kelvin"', "Select a valid choice."),
        ("functions", [], "Tick at least one function, or switch the tool off."),
        ("functions", ["nonsense"], "Select a valid choice."),
        ("timeout_seconds", 61, "less than or equal to 60"),
        ("max_per_call", 0, "greater than or equal to 1"),
        ("name", "two words", "Enter a valid “slug”"),
    ],
)
def test_error_lands_at_its_field(
    as_ed: Client, avas_weather: AgentTool, field: str, value: Any, words: str
) -> None:
    answer = as_ed.post(url_of(avas_weather), fields_of(avas_weather, **{field: value}))
    errors = errors_of(answer)
    assert list(errors) == [field]
    assert words in errors[field][0]


def test_tool_taken_away_leads_back_to_the_agent(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    answer = as_ed.post(url_of(avas_weather, "delete"), {"post": "yes"})
    assert answer.headers["Location"] == url_of(agent)
    assert not agent.tools.exists()


def test_viewer_reads_and_changes_nothing(
    as_vic: Client, avas_weather: AgentTool
) -> None:
    text = page(as_vic, url_of(avas_weather))
    assert "Tell the weather of the next days in a city." in text
    assert "secret__" not in text and "_save" not in text
    answer = as_vic.post(url_of(avas_weather), fields_of(avas_weather, name="mine"))
    assert answer.status_code == 403


def test_viewer_gives_no_tools(
    as_vic: Client, agent: Agent, weather: PlatformTool
) -> None:
    assert as_vic.get(ADD, {"agent": agent.pk}).status_code == 404
    assert as_vic.post(add_url(agent, weather), {}).status_code in {403, 404}


def test_another_organizations_tool_cannot_be_given(
    as_ed: Client, agent: Agent, rivals_tool: PlatformTool
) -> None:
    assert as_ed.get(add_url(agent, rivals_tool)).status_code == 404
    assert as_ed.post(add_url(agent, rivals_tool), {"name": "x"}).status_code == 404


def test_tool_cannot_be_given_to_another_organizations_agent(
    as_ed: Client, rival: Organization, weather: PlatformTool
) -> None:
    theirs = Agent.objects.create(organization=rival, name="Rita")
    assert as_ed.get(ADD, {"agent": theirs.pk}).status_code == 404
    new = AgentTool(agent=theirs, platform_tool=weather, name="weather")
    assert as_ed.post(add_url(theirs, weather), fields_of(new)).status_code == 404


@pytest.mark.parametrize("query", ["agent=x&tool=1", "agent=1&tool=²", "agent=-1"])
def test_nonsense_in_the_address_finds_nothing(
    as_ed: Client, agent: Agent, query: str
) -> None:
    assert as_ed.get(f"{ADD}?{query}").status_code == 404


def test_strangers_tool_leads_back(
    client: Client, mallory: User, avas_weather: AgentTool
) -> None:
    client.force_login(mallory)
    assert client.get(url_of(avas_weather)).headers["Location"] == "/admin/"


def test_form_costs_few_queries(
    as_ed: Client,
    avas_weather: AgentTool,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(9):
        page(as_ed, url_of(avas_weather))
