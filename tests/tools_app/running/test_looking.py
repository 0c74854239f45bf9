"""What comes of an agent's tool with its settings, as only its code can tell."""

from typing import Any

from agents_app.models import Agent
from tools_app.code_tools.registry import registry
from tools_app.models import AgentTool, Health, Kind, PlatformTool
from tools_app.sync import sync_code_tools
from tools_app.tasks import look_at_agent_tools


def looked_at(tool: AgentTool, **columns: Any) -> AgentTool:
    """The tool after these changes and a look at it."""
    AgentTool.objects.filter(pk=tool.pk).update(**columns)
    look_at_agent_tools([tool.pk])
    tool.refresh_from_db()
    return tool


def test_what_settings_have_told_is_written_down(avas_weather: AgentTool) -> None:
    tool = looked_at(avas_weather, config={"towns": ["Oslo", "Rome"]})
    assert list(tool.told) == ["forecast"]
    city = tool.told["forecast"]["parameters"]["properties"]["city"]
    assert city["enum"] == ["Oslo", "Rome"]
    assert tool.looked_at


def test_what_is_told_in_any_case_is_not(avas_weather: AgentTool) -> None:
    assert looked_at(avas_weather).told == {}


def test_settings_that_only_the_code_refuses_are_a_bad_badge(
    avas_weather: AgentTool,
) -> None:
    tool = looked_at(avas_weather, config={"towns": ["Oslo", "Oslo"]})
    assert tool.health == Health.BAD
    assert "towns: a town is named twice" in tool.health_detail


def test_earlier_findings_count_no_more(avas_weather: AgentTool) -> None:
    avas_weather.note_health(Health.BAD, "HTTP 401")
    tool = looked_at(avas_weather)
    assert (tool.health, tool.health_detail) == (Health.UNKNOWN, "")
    assert tool.checked_at is None


def test_tools_without_code_are_left_alone(agent: Agent) -> None:
    server = PlatformTool.objects.create(key="s", kind=Kind.MCP)
    tool = AgentTool.objects.create(agent=agent, platform_tool=server, name="s")
    assert looked_at(tool).looked_at is None


def test_new_code_is_looked_at_with_every_agents_settings(
    avas_weather: AgentTool,
) -> None:
    weather = avas_weather.platform_tool
    list(sync_code_tools(registry()))
    avas_weather.refresh_from_db()
    assert avas_weather.looked_at is None
    weather.functions.filter(name="hang").update(description="Of an older version.")
    list(sync_code_tools(registry()))
    avas_weather.refresh_from_db()
    assert avas_weather.looked_at
