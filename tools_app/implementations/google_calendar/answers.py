"""What the functions answer: short, and easy to say."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from tools_app.implementations.google_calendar.events import Event
from tools_app.implementations.google_calendar.spans import Span
from tools_app.implementations.google_calendar.spoken import (
    spoken_day,
    spoken_moment,
    spoken_span,
)


def offered(starts: Iterable[dt.datetime], zone: ZoneInfo) -> list[dict[str, str]]:
    """Times to offer, each as it is said and as functions take it."""
    return [
        {
            "say": spoken_moment(at, zone),
            "date": at.astimezone(zone).date().isoformat(),
            "time": f"{at.astimezone(zone):%H:%M}",
        }
        for at in starts
    ]


def day_answer(day: dt.date, free: Iterable[Span], zone: ZoneInfo) -> dict[str, Any]:
    """The free stretches of a day: `09:00 and 12:00`."""
    stretches = [
        f"{span.begin.astimezone(zone):%H:%M} and {span.end.astimezone(zone):%H:%M}"
        for span in free
    ]
    said = spoken_day(day, dt.datetime.now(zone).date())
    return {"day": said, "free_between": stretches or "nothing is free"}


def booked(word: str, event: Event, zone: ZoneInfo) -> dict[str, Any]:
    """What is now in the calendar."""
    when = spoken_span(event.span(zone), zone)
    return {word: when, "title": event.summary, "event_id": event.id}


def listed(events: Iterable[Event], zone: ZoneInfo) -> list[dict[str, str]]:
    """Events as they are told to the caller."""
    return [
        {"when": _when(event, zone), "title": event.summary, "event_id": event.id}
        for event in events
    ]


def _when(event: Event, zone: ZoneInfo) -> str:
    span = event.span(zone)
    if event.start.date is None:
        return spoken_span(span, zone)
    today = dt.datetime.now(zone).date()
    return f"{spoken_day(event.start.date, today)}, all day"
