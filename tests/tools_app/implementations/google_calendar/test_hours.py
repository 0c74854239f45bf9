"""Opening hours as staff write them, also where the clocks change."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tools_app.implementations.google_calendar.hours import PATTERN, open_spans
from tools_app.implementations.google_calendar.spans import Span

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2030, 11, 26)
# The clocks go from 02:00 to 03:00, and from 03:00 back to 02:00.
SPRING = date(2030, 3, 31)
AUTUMN = date(2030, 10, 27)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def length(day: date, written: str) -> timedelta:
    return sum((s.length for s in open_spans(day, written, BERLIN)), timedelta())


def test_hours_are_of_the_zone() -> None:
    [span] = open_spans(TUESDAY, "09:00-17:00", BERLIN)
    assert span == Span(utc("2030-11-26T08:00"), utc("2030-11-26T16:00"))


def test_break_parts_the_day() -> None:
    assert len(open_spans(TUESDAY, "09:00-12:00, 13:00-17:00", BERLIN)) == 2
    assert length(TUESDAY, "09:00-12:00,13:00-17:00") == timedelta(hours=7)


def test_closed_day_has_none() -> None:
    assert open_spans(TUESDAY, "closed", BERLIN) == []


def test_hours_past_midnight_end_the_next_day() -> None:
    [span] = open_spans(TUESDAY, "22:00-02:00", BERLIN)
    assert span.end == utc("2030-11-27T01:00")


def test_day_may_end_at_24() -> None:
    assert length(TUESDAY, "00:00-24:00") == timedelta(hours=24)


def test_overlapping_hours_count_once() -> None:
    assert length(TUESDAY, "09:00-12:00, 11:00-13:00") == timedelta(hours=4)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_day_on_which_clocks_change_has_another_length(day: date, hours: int) -> None:
    assert length(day, "00:00-24:00") == timedelta(hours=hours)


@pytest.mark.parametrize(("day", "offset"), [(SPRING, 2), (AUTUMN, 1)])
def test_hours_after_the_change_are_by_the_new_clock(day: date, offset: int) -> None:
    [span] = open_spans(day, "09:00-17:00", BERLIN)
    assert span.begin == utc(f"{day}T09:00") - timedelta(hours=offset)


@pytest.mark.parametrize(
    "written", ["9-17", "09:00", "09:00-25:00", "open", "", "09:00-12:00;13:00-14:00"]
)
def test_what_is_no_hours_does_not_fit_the_pattern(written: str) -> None:
    assert re.match(PATTERN, written) is None


@pytest.mark.parametrize(
    "written", ["closed", "09:00-17:00", "09:00 - 12:00, 13:00 - 24:00"]
)
def test_hours_fit_the_pattern(written: str) -> None:
    assert re.match(PATTERN, written)
