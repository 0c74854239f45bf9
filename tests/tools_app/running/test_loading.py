"""An agent's tools as a call gets them."""

import logging
import pickle
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Organization
from agents_app.models import Agent
from tests.tools_app.conftest import API_KEY
from tools_app.base import BaseTool
from tools_app.code_tools.registry import registry
from tools_app.errors import ToolError
from tools_app.functions.declarations import declare
from tools_app.functions.descriptions import describe
from tools_app.functions.specs import FunctionSpec
from tools_app.models import AgentTool, Kind, PlatformTool, ToolFunction, ToolSecret
from tools_app.running.loading import load_tool, load_tools
from tools_app.running.tool import LoadedTool
from tools_app.sync import sync_code_tools


def give(agent: Agent, tool: PlatformTool, name: str, **columns: Any) -> AgentTool:
    return AgentTool.objects.create(
        agent=agent, platform_tool=tool, name=name, **columns
    )


def only(agent: Agent) -> LoadedTool:
    """The one tool of an agent."""
    [tool] = load_tools(agent.pk)
    return tool


def refusal(tool: LoadedTool, function: str = "forecast") -> ToolError:
    """What a broken tool answers."""
    with pytest.raises(ToolError) as caught:
        tool.running.validated(function, {"city": "Rome"})
    return caught.value


async def works(tool: LoadedTool) -> object:
    arguments = tool.running.validated("forecast", {"city": "Rome"})
    return await tool.running.call("forecast", arguments, "context")  # type: ignore[arg-type]


def test_tool_runs_with_its_settings(avas_weather: AgentTool) -> None:
    avas_weather.config = {"units": "imperial"}
    avas_weather.save()
    result = async_to_sync(works)(only(avas_weather.agent))
    assert result == {"city": "Rome", "days": 1, "units": "imperial"}


def test_limits_and_unticked_functions_come_along(avas_weather: AgentTool) -> None:
    avas_weather.timeout_seconds = 3
    avas_weather.unselected_functions = ["explode"]
    avas_weather.save()
    tool = only(avas_weather.agent)
    assert tool.timeout_seconds == 3
    assert [s.name for s in tool.specs] == ["forecast", "subscribe", "hang"]


def test_tools_that_are_switched_off_stay_out(avas_weather: AgentTool) -> None:
    avas_weather.is_active = False
    avas_weather.save()
    assert load_tools(avas_weather.agent_id) == []


def test_tools_come_in_the_order_of_the_page(
    agent: Agent, weather: PlatformTool
) -> None:
    give(agent, weather, "second", position=2)
    give(agent, weather, "first", position=1)
    assert [tool.name for tool in load_tools(agent.pk)] == ["first", "second"]


def secrets_of(tool: LoadedTool) -> Any:
    return tool.running._tool.secrets  # type: ignore[attr-defined]


def test_organizations_secrets_stand_in_for_missing_ones(
    avas_weather: AgentTool, acme: Organization
) -> None:
    ToolSecret.objects.create(
        organization=acme,
        platform_tool=avas_weather.platform_tool,
        secrets={"api_key": "acmes", "account": "acme"},
    )
    secrets = secrets_of(only(avas_weather.agent))
    assert (secrets.api_key, secrets.account) == (API_KEY, "acme")


ELSEWHERE = "https://elsewhere.example/"
VET = {"model": "wise-1", "instructions": "You are a vet."}


@pytest.mark.parametrize(
    "own",
    [
        {"config": VET, "sensitive_config": {"base_url": ELSEWHERE}},
        {"config": VET | {"instructions": f"Read {ELSEWHERE}"}},
    ],
)
def test_organizations_secrets_do_not_go_to_an_address_of_the_agents(
    agent: Agent, acme: Organization, installed: None, own: dict[str, Any]
) -> None:
    list(sync_code_tools(registry()))
    specialist = PlatformTool.objects.get(key="ask_specialist")
    ToolSecret.objects.create(
        organization=acme, platform_tool=specialist, secrets={"api_key": "acmes"}
    )
    give(agent, specialist, "s", **own)
    assert "api_key is missing" in refusal(only(agent), "ask_specialist").detail


def test_secrets_of_another_organization_are_not_used(
    agent: Agent, weather: PlatformTool, rival: Organization
) -> None:
    ToolSecret.objects.create(
        organization=rival, platform_tool=weather, secrets={"api_key": "rivals"}
    )
    give(agent, weather, "weather")
    assert "api_key is missing" in refusal(only(agent)).detail


def test_missing_secret_makes_every_function_say_so(
    agent: Agent, weather: PlatformTool
) -> None:
    give(agent, weather, "weather")
    tool = only(agent)
    assert [s.name for s in tool.specs] == ["forecast", "subscribe", "hang", "explode"]
    assert "api_key is missing" in refusal(tool).detail
    assert "Tell the caller" in refusal(tool).words


def test_wrong_setting_is_named(avas_weather: AgentTool) -> None:
    avas_weather.config = {"units": "stones"}
    avas_weather.save()
    detail = refusal(only(avas_weather.agent)).detail
    assert "units should be 'metric' or 'imperial'" in detail


def test_lost_key_breaks_one_tool_and_says_so(
    avas_weather: AgentTool, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    tool = load_tool(avas_weather.pk)
    assert "cannot be opened" in refusal(tool).detail


def test_author_who_fails_to_tell_breaks_one_tool(
    avas_weather: AgentTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(_tool: BaseTool, spec: FunctionSpec) -> FunctionSpec:
        raise LookupError(API_KEY)

    monkeypatch.setattr(registry().tools["weather"], "told", told)
    tool = only(avas_weather.agent)
    assert [s.name for s in tool.specs][0] == "forecast"
    assert refusal(tool).detail == "It cannot be made: LookupError."


def test_what_the_author_tells_and_the_model_refuses_breaks_one_tool(
    avas_weather: AgentTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(_tool: BaseTool, spec: FunctionSpec) -> FunctionSpec:
        choices = {"city": {"type": "string", "enum": [""]}}
        return replace(spec, parameters={"type": "object", "properties": choices})

    monkeypatch.setattr(registry().tools["weather"], "told", told)
    tool = only(avas_weather.agent)
    assert "city: allows an empty text" in refusal(tool).detail
    assert all(declare(spec) for spec in tool.specs)


def test_code_that_is_gone_breaks_its_functions(agent: Agent) -> None:
    gone = PlatformTool.objects.create(key="gone", name="Gone")
    ToolFunction.objects.create(platform_tool=gone, name="forecast")
    give(agent, gone, "gone")
    assert "no code for the tool 'gone'" in refusal(only(agent)).detail


def test_definition_that_makes_no_tool_breaks_its_functions(agent: Agent) -> None:
    odd = PlatformTool.objects.create(key="odd", name="Odd", kind=Kind.MCP)
    ToolFunction.objects.create(platform_tool=odd, name="forecast")
    give(agent, odd, "odd")
    assert refusal(only(agent)).detail


def test_servers_functions_come_as_they_were_written_down(agent: Agent) -> None:
    spec = FunctionSpec(
        "forecast",
        "Tell the weather.",
        {"type": "object", "properties": {"pin": {"type": "string"}}},
        is_side_effect=True,
        is_presumed=True,
        secret_parameters=frozenset(["pin"]),
    )
    server = PlatformTool.objects.create(
        key="server", kind=Kind.MCP, definition={"url": "https://weather.example/mcp"}
    )
    describe(server, [spec, replace(spec, name="alerts", is_cacheable=True)])
    give(agent, server, "server")
    assert only(agent).specs == [spec, replace(spec, name="alerts", is_cacheable=True)]


@pytest.mark.parametrize(("rejection", "offered"), [("", 1), ("has no type", 0)])
def test_endpoint_is_offered_unless_the_model_would_refuse_it(
    agent: Agent, rejection: str, offered: int
) -> None:
    definition = {
        "function": "forecast",
        "description": "Tell the weather.",
        "url": "https://weather.example/",
    }
    endpoint = PlatformTool.objects.create(
        key="endpoint", kind=Kind.HTTP, definition=definition
    )
    ToolFunction.objects.create(
        platform_tool=endpoint, name="forecast", rejection=rejection
    )
    give(agent, endpoint, "endpoint")
    assert len(only(agent).specs) == offered


def test_functions_that_are_gone_or_refused_are_not_offered(agent: Agent) -> None:
    gone = PlatformTool.objects.create(key="gone", name="Gone")
    for name, columns in {
        "fine": {},
        "removed": {"removed_at": timezone.now()},
        "refused": {"rejection": "has no type"},
    }.items():
        ToolFunction.objects.create(platform_tool=gone, name=name, **columns)
    give(agent, gone, "gone")
    assert [spec.name for spec in only(agent).specs] == ["fine"]


@pytest.mark.parametrize("count", [1, 10, 100])
def test_loading_takes_two_queries_at_any_size(
    agent: Agent,
    weather: PlatformTool,
    acme: Organization,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ToolSecret.objects.create(
        organization=acme, platform_tool=weather, secrets={"api_key": "acmes"}
    )
    gone = PlatformTool.objects.create(key="gone", name="Gone")
    ToolFunction.objects.create(platform_tool=gone, name="act")
    for number in range(count):
        give(agent, weather if number % 2 else gone, f"tool-{number}")
    with django_assert_max_num_queries(2):
        assert len(load_tools(agent.pk)) == count


def test_no_secret_is_in_repr_or_log(
    avas_weather: AgentTool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tool = only(avas_weather.agent)
    shown = repr(tool) + str(tool) + repr(tool.running) + repr(secrets_of(tool))
    assert API_KEY not in shown + caplog.text


def test_loading_what_is_not_there_says_so(db: None) -> None:
    with pytest.raises(AgentTool.DoesNotExist, match="no agent tool 7"):
        load_tool(7)


def test_neither_row_nor_loaded_tool_is_pickled(avas_weather: AgentTool) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(avas_weather)
    with pytest.raises(TypeError, match="load it again"):
        pickle.dumps(only(avas_weather.agent))
