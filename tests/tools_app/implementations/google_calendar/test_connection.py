"""A calendar that is opened: what it tells, and its test."""

import json

import pytest

from tests.standins.google.calendar import GoogleCalendar
from tests.tools_app.implementations.google_calendar.conftest import (
    Open,
    Salon,
)
from tools_app.errors import ToolError
from tools_app.functions.declarations import declare


def test_model_is_told_what_day_it_is(salon: Salon) -> None:
    specs = {spec.name: declare(spec) for spec in salon.tool.specs}
    day = specs["create_event"]["parameters"]["properties"]["date"]
    assert day["description"].endswith("It is Saturday 23 November 2030, 10:08.")


async def test_its_test_tells_the_calendar_and_what_may_be_done(
    salon: Salon, google: GoogleCalendar
) -> None:
    assert await salon.tool.test(salon.context) == {
        "calendar": "Salon",
        "may": "read and change events",
        "taken_until_tomorrow": 0,
    }
    changing = [a for a in google.asked if "/events" in a.path and a.method != "GET"]
    assert changing == []


async def test_its_test_says_when_the_calendar_is_read_only(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.calendar.role = "reader"
    with pytest.raises(ToolError) as caught:
        await salon.tool.test(salon.context)
    assert "right to make changes" in caught.value.detail


async def test_its_test_says_when_time_zones_differ(open_salon: Open) -> None:
    async with open_salon(time_zone="America/New_York") as salon:
        answer = await salon.tool.test(salon.context)
    assert "Europe/Berlin" in json.dumps(answer)
