"""An agent's tools on its page: what it has, how they are, what they need."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents_app.models import Agent
from tests.tools_app.admin.conftest import page, url_of
from tools_app.models import AgentTool, Health, PlatformTool, ToolSecret


def test_agent_without_tools_is_told_what_they_are_for(
    as_ed: Client, agent: Agent
) -> None:
    text = page(as_ed, url_of(agent))
    assert "None: this agent can only talk." in text
    assert f"/admin/tools_app/agenttool/add/?agent={agent.pk}" in text


def test_panel_names_the_tool_and_its_functions(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    text = page(as_ed, url_of(agent))
    assert url_of(avas_weather) in text and ">Weather</a>" in text
    assert "4 functions" in text
    AgentTool.objects.update(unselected_functions=["hang", "no such"])
    assert "3 of 4 functions" in page(as_ed, url_of(agent))


def test_panel_tells_which_secret_is_missing(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    assert "Still needs" not in page(as_ed, url_of(agent))
    AgentTool.objects.update(sensitive_config={})
    assert "Still needs: API key" in page(as_ed, url_of(agent))


def test_panel_tells_which_setting_is_missing(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    tool = avas_weather.platform_tool
    tool.config_schema["properties"]["home_city"] = {"type": "string"}
    tool.config_schema["required"] = ["home_city", "units"]
    tool.save()
    assert "Still needs: Home city</span>" in page(as_ed, url_of(agent))
    AgentTool.objects.update(config={"home_city": "Oslo"})
    assert "Still needs" not in page(as_ed, url_of(agent))


def test_secret_of_the_organization_is_enough(
    as_ed: Client, agent: Agent, avas_weather: AgentTool, shared_key: ToolSecret
) -> None:
    AgentTool.objects.update(sensitive_config={})
    assert "Still needs" not in page(as_ed, url_of(agent))


def test_worst_news_come_first(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    avas_weather.note_health(Health.BAD, "It did not answer.")
    assert "Does not work" in page(as_ed, url_of(agent))
    avas_weather.platform_tool.functions.update(rejection="No.")
    assert "The model would refuse it" in page(as_ed, url_of(agent))
    AgentTool.objects.update(is_active=False)
    assert "Switched off" in page(as_ed, url_of(agent))
    PlatformTool.objects.update(removed_at=timezone.now())
    assert "No longer installed" in page(as_ed, url_of(agent))


def test_viewer_sees_the_tools_and_adds_none(
    as_vic: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    text = page(as_vic, url_of(agent))
    assert ">Weather</a>" in text and "Add a tool" not in text


def test_page_of_a_new_agent_has_no_panel(as_ed: Client) -> None:
    assert "Tools of the agent" not in page(as_ed, "/admin/agents_app/agent/add/")


def test_panel_costs_the_same_however_many_tools(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    page(as_ed, url_of(agent))
    with CaptureQueriesContext(connection) as few:
        page(as_ed, url_of(agent))
    for n in range(11):
        agent.tools.create(
            platform_tool=avas_weather.platform_tool, name=f"weather-{n}"
        )
    with CaptureQueriesContext(connection) as many:
        page(as_ed, url_of(agent))
    assert len(many) == len(few)
