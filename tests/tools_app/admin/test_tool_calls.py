"""Calls of tools: their list, the page of each, and their place in the conversation."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from agents_app.models import Agent
from telephony_app.models import Call
from tests.telephony_app.conftest import call_of, seconds, turn_of
from tests.tools_app.admin.conftest import page, url_of
from tools_app.models import AgentTool, Outcome, PlatformTool, ToolCall

LIST = reverse("admin:tools_app_toolcall_changelist")


@pytest.fixture
def call(agent: Agent) -> Call:
    """A call with Ava that ended after a minute."""
    begun = {"created_at": seconds(0), "answered_at": seconds(0)}
    ended = {"state": "ended", "cause": "caller_hung_up", "ended_at": seconds(60)}
    return call_of(agent, **begun, **ended)


def tool_call(call: Call, row: AgentTool | None, at: float, **fields: Any) -> ToolCall:
    """The model asked for a forecast, so many seconds after noon."""
    values = {
        "key": f"call-{call.tool_calls.count()}",
        "tool_name": "weather",
        "function": "forecast",
        "outcome": Outcome.DONE,
        "duration_ms": 1500,
    }
    return ToolCall.objects.create(
        call=call, agent_tool=row, started_at=seconds(at), **values | fields
    )


def queries(client: Client, url: str) -> list[str]:
    """What the page asks of the database."""
    with CaptureQueriesContext(connection) as asked:
        page(client, url)
    return [query["sql"] for query in asked]


def call_page(call: Call) -> str:
    """Where the call is read."""
    return reverse("admin:telephony_app_call_change", args=[call.pk])


# The list


def test_list_tells_what_was_called_and_how_it_went(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    row = tool_call(call, avas_weather, 3, outcome="failed", error="No such city.")
    text = page(as_vic, LIST)
    for words in ("forecast", "Weather", "Failed", "1500\u00a0ms", "No such city."):
        assert words in text
    assert f"{call_page(call)}#tool-call-{row.pk}" in text


def test_list_counts_nothing_and_costs_the_same_however_long(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    tool_call(call, avas_weather, 3)
    few = queries(as_vic, LIST)
    for n in range(20):
        tool_call(call, avas_weather, n)
    assert len(queries(as_vic, LIST)) == len(few) <= 8
    assert not [sql for sql in few if "COUNT(" in sql.upper()]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"outcome__exact": "done"}, ["good"]),
        ({"outcome__exact": "timed_out"}, ["bad"]),
        ({"agent_tool__platform_tool__id__exact": "0"}, []),
    ],
)
def test_list_is_filtered(
    as_vic: Client,
    call: Call,
    avas_weather: AgentTool,
    query: dict[str, str],
    shown: list[str],
) -> None:
    tool_call(call, avas_weather, 3, function="good")
    tool_call(call, avas_weather, 4, function="bad", outcome="timed_out")
    text = page(as_vic, LIST, **query)
    assert [name for name in ("good", "bad") if f">{name}<" in text] == shown


def test_list_is_filtered_by_day(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    tool_call(call, avas_weather, 3, function="long_ago")
    new = tool_call(call, avas_weather, 3, function="lately")
    ToolCall.objects.filter(pk=new.pk).update(started_at=timezone.now())
    since = (timezone.now() - timedelta(days=1)).isoformat(" ")
    text = page(as_vic, LIST, started_at__gte=since)
    assert "lately" in text and "long_ago" not in text


def test_filter_tells_no_foreign_tools_name(
    as_vic: Client, call: Call, avas_weather: AgentTool, rivals_tool: PlatformTool
) -> None:
    tool_call(call, avas_weather, 3)
    text = page(as_vic, LIST)
    assert ">Weather</option>" in text and rivals_tool.name not in text


def test_no_tool_calls_yet_says_how_to_make_one(as_vic: Client, db: None) -> None:
    assert "press <em>Talk</em>" in page(as_vic, LIST)


# The page of one


def test_page_tells_all_of_it(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    row = tool_call(
        call,
        avas_weather,
        3,
        arguments={"city": "<b>Oslo</b>", "pin": "••••"},
        result="x" * 900,
        was_repeated=True,
        was_cancelled=True,
    )
    text = page(as_vic, url_of(row))
    assert "&lt;b&gt;Oslo&lt;/b&gt;" in text and "••••" in text
    assert "x" * 900 in text
    assert "Asked before in this call" in text
    assert "The caller spoke before the answer came" in text


def test_page_outlives_the_tool(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    row = tool_call(call, avas_weather, 3)
    avas_weather.delete()
    assert "<dd>weather</dd>" in page(as_vic, url_of(row))
    assert "forecast" in page(as_vic, LIST)


def test_nobody_changes_or_deletes_a_tool_call(
    admin_client: Client, call: Call, avas_weather: AgentTool
) -> None:
    row = tool_call(call, avas_weather, 3)
    admin_client.post(url_of(row), {"function": "other"})
    assert admin_client.post(url_of(row, "delete"), {"post": "y"}).status_code == 403
    row.refresh_from_db()
    assert row.function == "forecast"


def test_stranger_finds_no_tool_call(
    client: Client, mallory: User, call: Call, avas_weather: AgentTool
) -> None:
    row = tool_call(call, avas_weather, 3, function="acmes_function")
    client.force_login(mallory)
    assert "acmes_function" not in page(client, LIST)
    assert client.get(url_of(row)).headers["Location"] == "/admin/"


# The page of the call


def test_tool_call_stands_between_the_turns(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    turn_of(call, "caller", "Will it rain?", spoken_from=seconds(1))
    tool_call(call, avas_weather, 5, arguments={"city": "Oslo"}, result="It will.")
    turn_of(call, "agent", "Yes, bring a coat.", spoken_from=seconds(9))
    text = page(as_vic, call_page(call))
    places = [text.index(w) for w in ("Will it rain?</p>", "Oslo", "bring a coat.</p>")]
    assert places == sorted(places)
    assert "It will." in text and "Done" in text and "1500 ms" in text


def test_timeline_draws_its_length(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    tool_call(call, avas_weather, 6)
    picture = as_vic.get(call_page(call)).context["timeline"]
    [bar] = picture.activities
    assert (bar.left, bar.width, bar.is_alarming) == (10, 2.5, False)
    assert bar.title == "0:06 forecast: Done in 1500 ms"


def test_verdict_names_what_failed(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    for at, outcome in ((5, "failed"), (7, "timed_out"), (9, "done")):
        tool_call(call, avas_weather, at, outcome=outcome)
    tool_call(call, avas_weather, 11, function="alert", outcome="refused")
    text = page(as_vic, call_page(call))
    assert "3 tool calls failed: forecast (2 times), alert." in text


@pytest.mark.parametrize("outcome", ["running", "done"])
def test_verdict_is_silent_where_nothing_failed(
    as_vic: Client, call: Call, avas_weather: AgentTool, outcome: str
) -> None:
    tool_call(call, avas_weather, 5, outcome=outcome, duration_ms=None)
    assert "failed" not in page(as_vic, call_page(call))


def test_long_answer_is_cut_short(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    row = tool_call(call, avas_weather, 5, result="x" * 500)
    text = page(as_vic, call_page(call))
    assert "x" * 400 + "…" in text and "x" * 401 not in text
    assert "All 500 characters" in text and url_of(row) in text


def test_call_page_costs_one_query_for_any_number_of_tool_calls(
    as_vic: Client, call: Call, avas_weather: AgentTool
) -> None:
    few = queries(as_vic, call_page(call))
    for n in range(30):
        tool_call(call, avas_weather, n)
    many = queries(as_vic, call_page(call))
    assert len(many) == len(few)
    assert len([sql for sql in many if "tools_app_toolcall" in sql]) == 1


def test_stranger_does_not_reach_tools_through_a_call(
    client: Client, mallory: User, call: Call, rival: Organization
) -> None:
    client.force_login(mallory)
    assert client.get(call_page(call)).headers["Location"] == "/admin/"
