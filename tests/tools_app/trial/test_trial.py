"""Trying a tool with its real secrets."""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer

from agents_app.models import Agent
from tests.tools_app.conftest import API_KEY
from tests.tools_app.http_servers import answering
from tools_app import tasks
from tools_app.base import BaseTool, RunContext, ToolMetadata
from tools_app.code_tools.tool import CodeTool
from tools_app.models import AgentTool, Health, Kind, PlatformTool, ToolTrial
from tools_app.redaction import MASK
from tools_app.running import time_limit
from tools_app.running import tool as running_tool
from tools_app.running.tool import LoadedTool
from tools_app.trial.context import TrialContext
from tools_app.trial.report import TrialReport
from tools_app.trial.trial import Trial, try_tool

FORECAST = {"city": "Rome", "days": 2}


def tried(tool: AgentTool, function: str = "", **arguments: Any) -> TrialReport:
    """The report; the row is read again."""
    report = try_tool(tool.pk, function, arguments)
    tool.refresh_from_db()
    return report


def test_function_runs_and_its_answer_is_shown(avas_weather: AgentTool) -> None:
    report = tried(avas_weather, "forecast", **FORECAST)
    assert report.ok
    assert json.loads(report.answer) == {**FORECAST, "units": "metric"}
    assert report.request == {"function": "forecast", "arguments": FORECAST}


def test_without_a_function_the_tool_tests_itself(avas_weather: AgentTool) -> None:
    report = tried(avas_weather)
    assert report.ok
    assert "is fine" in report.answer
    assert avas_weather.health == Health.GOOD
    assert avas_weather.checked_at


def test_failed_test_is_a_bad_badge_with_what_to_do(avas_weather: AgentTool) -> None:
    avas_weather.sensitive_config = {"api_key": "wrong-api-key"}
    avas_weather.save()
    report = tried(avas_weather)
    assert not report.ok
    assert (report.error, report.hint) == ("The key is not accepted.", "HTTP 401")
    assert avas_weather.health == Health.BAD
    assert avas_weather.health_detail == "HTTP 401"


def test_wrong_arguments_are_named_and_say_nothing_of_the_tool(
    avas_weather: AgentTool,
) -> None:
    report = tried(avas_weather, "forecast", days=9)
    assert "city is missing" in report.error
    assert "days should be less than or equal to 7" in report.error
    assert avas_weather.health == Health.UNKNOWN


def test_missing_secret_is_a_bad_badge(agent: Agent, weather: PlatformTool) -> None:
    tool = AgentTool.objects.create(agent=agent, platform_tool=weather, name="weather")
    report = tried(tool, "forecast", **FORECAST)
    assert "api_key is missing" in report.hint
    assert tool.health == Health.BAD


def test_secrets_are_in_no_part_of_a_report(avas_weather: AgentTool) -> None:
    report = tried(avas_weather, "subscribe", phone="+49 30 1", pin="918273")
    assert report.ok
    assert report.request["arguments"] == {"phone": "+49 30 1", "pin": MASK}
    assert report.answer == f"Alerts go to +49 30 1, with {MASK} and {MASK}."


def test_arguments_that_no_database_takes_are_cleaned(avas_weather: AgentTool) -> None:
    trial = ask_for(avas_weather, "subscribe", phone="1\0 \ud83d", pin="91\ud83d827")
    tasks.try_tool(trial.pk)
    trial.refresh_from_db()
    assert trial.report["request"]["arguments"] == {"phone": "1 ?", "pin": MASK}


def test_answer_that_no_database_takes_is_cleaned(
    agent: Agent, endpoint: HTTPServer
) -> None:
    body = r'{"name": "A\u0000nn \ud83d"}'
    url = answering(endpoint, "/people/1", body=body, content_type="application/json")
    definition = {"function": "find", "description": "Find.", "url": url}
    people = PlatformTool.objects.create(
        key="people", name="People", kind=Kind.HTTP, definition=definition
    )
    tool = AgentTool.objects.create(agent=agent, platform_tool=people, name="people")
    report = tried(tool, "find")
    assert (report.error, json.loads(report.answer)) == ("", {"name": "Ann ?"})


def test_broken_function_is_told_by_kind_and_place_not_by_its_text(
    avas_weather: AgentTool,
) -> None:
    report = tried(avas_weather, "explode")
    assert "RuntimeError in example_tools.py, line" in report.error
    assert API_KEY not in report.model_dump_json()
    assert avas_weather.health == Health.BAD


def test_hanging_function_ends_at_the_tools_timeout(avas_weather: AgentTool) -> None:
    avas_weather.timeout_seconds = 1
    avas_weather.save()
    report = tried(avas_weather, "hang")
    assert report.error == "It took longer than 1 s."
    assert 900 < report.ms < 3000
    assert report.hint


class StubbornTool(BaseTool):
    """Neither its function nor its closing can be stopped."""

    metadata = ToolMetadata(name="Stubborn")

    async def hang(self, context: RunContext[Any]) -> None:
        """Answer never."""
        await self.aclose()

    async def aclose(self) -> None:
        while True:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)


def test_tool_that_will_not_be_stopped_keeps_nobody(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_tool, "CLOSE_SECONDS", 0.1)
    tool = LoadedTool(
        agent_tool_id=1,
        name="stubborn",
        key="stubborn",
        running=CodeTool(StubbornTool, {}, {}),
        unselected_functions=frozenset(),
        timeout_seconds=0.1,
        max_per_call=1,
        max_per_minute=1,
    )
    began = time.monotonic()
    trial = Trial(tool, "hang", {}).run(TrialContext(agent))
    report, health = time_limit.run(trial)
    assert time.monotonic() - began < 4
    assert (report.error, health) == ("It took longer than 0.1 s.", Health.BAD)


def ask_for(tool: AgentTool, function: str, **arguments: Any) -> ToolTrial:
    """What the page writes down when staff press *Test*."""
    return ToolTrial.objects.create(
        agent_tool=tool, function=function, arguments=arguments
    )


def test_task_writes_the_report_and_forgets_the_arguments(
    avas_weather: AgentTool,
) -> None:
    trial = ask_for(avas_weather, "forecast", **FORECAST)
    tasks.try_tool(trial.pk)
    trial.refresh_from_db()
    assert trial.report["ok"]
    assert trial.started_at and trial.finished_at
    assert not trial.arguments


def test_task_sent_twice_runs_once(avas_weather: AgentTool) -> None:
    trial = ask_for(avas_weather, "forecast", **FORECAST)
    ToolTrial.objects.update(started_at=timezone.now())
    tasks.try_tool(trial.pk)
    trial.refresh_from_db()
    assert trial.report is None


def test_arguments_wait_sealed(avas_weather: AgentTool) -> None:
    trial = ask_for(avas_weather, "subscribe", phone="1", pin="918273")
    stored = ToolTrial.objects.filter(pk=trial.pk).values().get()
    assert "918273" not in repr(vars(trial)) + repr(stored)


def test_requests_that_went_out_are_shown_without_secrets(
    agent: Agent, endpoint: HTTPServer
) -> None:
    url = answering(endpoint, "/orders/7", status=403, body="sesame-open-1234")
    crm = PlatformTool.objects.create(
        key="crm",
        name="CRM",
        kind=Kind.HTTP,
        definition={
            "function": "find_order",
            "description": "Find an order.",
            "method": "POST",
            "url": url.replace("/7", "/{number}"),
            "body": {"note": "{note}", "pin": "{pin}"},
            "parameters": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "note": {"type": "string"},
                    "pin": {"type": "string"},
                },
                "required": ["number", "note", "pin"],
            },
            "secrets": [{"name": "api_key", "place": "bearer"}],
        },
    )
    tool = AgentTool.objects.create(
        agent=agent,
        platform_tool=crm,
        name="crm",
        sensitive_config={"api_key": API_KEY},
    )
    report = tried(tool, "find_order", number=7, note="now", pin="918273")
    [sent] = report.request["http"]
    assert (sent["request"], sent["answered"]) == (f"POST {url}", 403)
    assert sent["headers"]["authorization"] == MASK
    assert json.loads(sent["body"]) == {"note": "now", "pin": MASK}
    assert "permissions" in report.hint
    assert API_KEY not in report.model_dump_json()
    assert tool.health == Health.BAD
