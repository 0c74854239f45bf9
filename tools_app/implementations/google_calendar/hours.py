"""Opening hours of a day as staff write them: `09:00-12:00, 13:00-17:00`, `closed`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tools_app.implementations.google_calendar.spans import Span, merged

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_RANGE = rf"{_CLOCK} ?- ?({_CLOCK}|24:00)"
PATTERN = rf"^(closed|{_RANGE}( ?, ?{_RANGE})*)$"
WEEKDAYS = (
    *("monday", "tuesday", "wednesday", "thursday"),
    *("friday", "saturday", "sunday"),
)


def open_spans(day: date, written: str, zone: ZoneInfo) -> list[Span]:
    """The opening hours of a day; one that ends before it begins ends the next day."""
    found = re.findall(r"(\d\d):(\d\d) ?- ?(\d\d):(\d\d)", written)
    return merged(_span(day, zone, *map(int, numbers)) for numbers in found)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A wall clock's time as a moment in UTC.

    An hour that the change to winter time repeats is meant the first time; one that
    the change to summer time skips is counted on from before it (PEP 495).
    """
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _span(day: date, zone: ZoneInfo, h1: int, m1: int, h2: int, m2: int) -> Span:
    ends_next_day = (h2, m2) <= (h1, m1) or h2 == 24
    last = day + timedelta(days=1) if ends_next_day else day
    begin = instant(day, time(h1, m1), zone)
    return Span(begin, instant(last, time(h2 % 24, m2), zone))
