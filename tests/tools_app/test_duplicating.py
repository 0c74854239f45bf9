"""A copied agent can do what the first one can."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from agents_app.duplicating import duplicate
from agents_app.models import Agent
from tests.tools_app.conftest import API_KEY
from tools_app.models import AgentTool, Health


def test_copy_has_the_tools_with_settings_secrets_and_limits(
    avas_weather: AgentTool, ed: User
) -> None:
    avas_weather.config = {"units": "imperial"}
    avas_weather.unselected_functions = ["explode"]
    avas_weather.max_per_call = 3
    avas_weather.secrets_set_by = ed
    avas_weather.save()
    [copied] = duplicate(avas_weather.agent).tools.all()
    assert (copied.name, copied.platform_tool) == (
        "weather",
        avas_weather.platform_tool,
    )
    assert copied.config == {"units": "imperial"}
    assert copied.unselected_functions == ["explode"]
    assert (copied.max_per_call, copied.secrets_set_by) == (3, ed)
    assert copied.sensitive_config.reveal() == {"api_key": API_KEY}


def test_copied_tool_has_not_been_looked_at(avas_weather: AgentTool) -> None:
    avas_weather.note_health(Health.BAD, "It did not answer.")
    [copied] = duplicate(avas_weather.agent).tools.all()
    assert (copied.health, copied.health_detail) == (Health.UNKNOWN, "")


def test_first_agent_keeps_its_own(avas_weather: AgentTool) -> None:
    [copied] = duplicate(avas_weather.agent).tools.all()
    copied.sensitive_config = {}  # type: ignore[assignment]
    copied.save()
    avas_weather.refresh_from_db()
    assert avas_weather.sensitive_config.reveal() == {"api_key": API_KEY}


def test_button_and_action_copy_tools_too(
    as_ed: Client, agent: Agent, avas_weather: AgentTool
) -> None:
    as_ed.post(reverse("admin:agents_app_agent_do", args=[agent.pk, "duplicate"]))
    chosen = {"action": "duplicate_selected", "_selected_action": [agent.pk]}
    as_ed.post(reverse("admin:agents_app_agent_changelist"), chosen)
    copies = Agent.objects.exclude(pk=agent.pk)
    assert [copy.tools.count() for copy in copies] == [1, 1]
