"""Dates and times as models write them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tools_app.errors import ToolError
from tools_app.implementations.google_calendar.asked import (
    asked_clock,
    asked_day,
    asked_moment,
)

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2030-11-26", date(2030, 11, 26)),
        (" 2030-11-26 ", date(2030, 11, 26)),
        ("2030-11-26T15:00:00", date(2030, 11, 26)),
        ("2030-11-26T23:30:00Z", date(2030, 11, 27)),
        ("2030-11-26T23:30:00-05:00", date(2030, 11, 27)),
        ("today", date(2030, 11, 23)),
        ("Tomorrow", date(2030, 11, 24)),
    ],
)
def test_day_is_read_as_the_caller_means_it(text: str, day: date) -> None:
    assert asked_day(text, BERLIN) == day


@pytest.mark.parametrize("text", ["", "Tuesday", "26.11.2030", "11/26/2030", "2611"])
def test_other_days_are_answered_with_how_and_what_day_it_is(text: str) -> None:
    with pytest.raises(ToolError) as caught:
        asked_day(text, BERLIN)
    assert caught.value.words == (
        "Write the date like 2030-11-23. It is Saturday 23 November 2030, 10:08."
    )


def test_today_is_of_the_zone_and_not_of_the_server() -> None:
    assert asked_day("today", ZoneInfo("Pacific/Kiritimati")) == date(2030, 11, 23)
    assert asked_day("today", ZoneInfo("Pacific/Pago_Pago")) == date(2030, 11, 22)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("15:00", time(15)),
        ("9:05", time(9, 5)),
        ("15:00:00", time(15)),
        ("15.30", time(15, 30)),
        ("3 PM", time(15)),
        ("3:30pm", time(15, 30)),
        ("12 a.m.", time(0)),
        ("12pm", time(12)),
        ("9", time(9)),
        ("2030-11-26T15:00:00+01:00", time(15)),
    ],
)
def test_clock_is_read_in_its_usual_forms(text: str, clock: time) -> None:
    assert asked_clock(text) == clock


@pytest.mark.parametrize("text", ["", "noonish", "25:00", "10:75", "13 pm", "0am"])
def test_other_times_are_answered_with_how(text: str) -> None:
    with pytest.raises(ToolError, match="24-hour clock, like 15:00"):
        asked_clock(text)


def test_moment_is_of_the_zone() -> None:
    at = asked_moment(date(2030, 11, 26), time(15), BERLIN)
    assert at == datetime(2030, 11, 26, 14, tzinfo=UTC)


def test_time_that_summer_time_skips_does_not_exist() -> None:
    with pytest.raises(ToolError, match="There is no 02:30 on that day"):
        asked_moment(date(2030, 3, 31), time(2, 30), BERLIN)


def test_time_that_winter_time_repeats_is_the_first() -> None:
    at = asked_moment(date(2030, 10, 27), time(2, 30), BERLIN)
    assert at == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)
