"""A real call books an appointment in a calendar that speaks Google's API."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agents_app.models import Agent
from telephony_app.models import Call
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended
from tests.servers.stack import Stack
from tests.standins.google.calendar import CALENDAR_ID, GoogleCalendar
from tools_app.models import AgentTool, Outcome, PlatformTool

pytestmark = pytest.mark.heavy

Talk = Callable[[Agent], tuple[Caller, Call]]
ZONE = "Europe/Berlin"
GREETING = "help you today?"


@pytest.fixture(autouse=True)
def _worker(stack: Stack) -> None:
    stack.worker()


@pytest.fixture
def salon(stack: Stack, stack_google: GoogleCalendar) -> Agent:
    """An agent with the calendar in its hands, which it may not delete from."""
    agent = stack.make_agent(system_prompt="You make appointments for a hair salon.")
    AgentTool.objects.create(
        agent=agent,
        platform_tool=PlatformTool.objects.get(key="google_calendar"),
        name="calendar",
        config={"calendar_id": CALENDAR_ID, "time_zone": ZONE},
        sensitive_config={"service_account_key": stack_google.key},
        unselected_functions=["delete_event"],
    )
    return agent


def next_weekday(weekday: int) -> dt.date:
    """The next one that is not today; Monday is 0."""
    today = dt.datetime.now(ZoneInfo(ZONE)).date()
    return today + dt.timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def booked(google: GoogleCalendar) -> list[tuple[dt.datetime, str]]:
    """When and what for, of every event that stands."""
    return [
        (dt.datetime.fromisoformat(e["start"]["dateTime"]), e["summary"])
        for e in google.calendar.standing
    ]


def at_ten(day: dt.date) -> dt.datetime:
    """Ten o'clock at the salon."""
    return dt.datetime.combine(day, dt.time(10), tzinfo=ZoneInfo(ZONE))


def test_typed_appointment_stands_in_the_calendar_and_on_the_call_page(
    stack: Stack, talk: Talk, salon: Agent, stack_google: GoogleCalendar
) -> None:
    day = next_weekday(1)
    caller, call = talk(salon)
    with caller:
        caller.hears(GREETING)
        caller.types(f"Please create an event on {day} at 10:00")
        caller.hears("title")
        caller.types("Haircut")
        caller.hears("name")
        caller.types("Ada Lovelace")
        caller.hears("booked")
        caller.hears_silence()
    [row] = ended(stack, call).tool_calls.all()
    assert (row.function, row.outcome) == ("create_event", Outcome.DONE)
    [(begin, title)] = booked(stack_google)
    assert begin == at_ten(day)
    assert "Haircut" in title
    assert_on_call_page(stack, call, row.duration_ms)


def assert_on_call_page(stack: Stack, call: Call, duration_ms: int | None) -> None:
    """The tool call has its bar in the picture, with how long it took."""
    address = f"{stack.url}/admin/telephony_app/call/{call.pk}/change/"
    page = stack.signed_in().get(address).text
    assert "create_event" in page
    assert f"{duration_ms} ms" in page or f"{(duration_ms or 0) / 1000:.1f} s" in page


def test_spoken_appointment_is_confirmed_and_stands_in_the_calendar(
    stack: Stack, talk: Talk, salon: Agent, stack_google: GoogleCalendar
) -> None:
    caller, call = talk(salon)
    with caller:
        caller.hears(GREETING)
        caller.hears_silence()
        caller.asks("create an event for tuesday at ten", "title")
        caller.types("Haircut")
        caller.hears("name")
        caller.hears_silence()
        caller.types("Ada Lovelace")
        caller.hears("Shall I create event")
        caller.hears_silence()
        assert booked(stack_google) == []
        caller.says("yes please")
        caller.hears("booked")
        caller.hears_silence()
    assert [begin for begin, _ in booked(stack_google)] == [at_ten(next_weekday(1))]
    assert ended(stack, call).tool_calls.get().outcome == Outcome.DONE


def test_function_that_staff_unticked_deletes_nothing(
    stack: Stack, talk: Talk, salon: Agent, stack_google: GoogleCalendar
) -> None:
    asked: dict[str, Any] = {"name": "delete_event", "args": {"event_id": "any"}}
    script = f'[[sandbox {{"replies": [{{"call": [{asked}]}}]}}]]'.replace("'", '"')
    Agent.objects.filter(pk=salon.pk).update(system_prompt=f"A salon. {script}")
    salon.refresh_from_db()
    salon.publish()
    caller, call = talk(salon)
    with caller:
        caller.hears(GREETING)
        caller.types("Delete everything.")
        caller.hears("Unknown function: delete_event")
    assert ended(stack, call).tool_calls.get().outcome == Outcome.REFUSED
    assert stack_google.asked == []
