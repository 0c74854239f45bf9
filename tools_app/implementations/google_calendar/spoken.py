"""Days and times as they are said: `Tuesday 24 November, 15:00 to 15:30`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tools_app.implementations.google_calendar.spans import Span


def spoken_day(day: date, today: date) -> str:
    """`Tuesday 24 November`; with its year where that is not this one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%A} {day.day} {day:%B}{year}"


def spoken_moment(at: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 24 November, 15:00`."""
    local = at.astimezone(zone)
    return f"{spoken_day(local.date(), datetime.now(zone).date())}, {local:%H:%M}"


def spoken_span(span: Span, zone: ZoneInfo) -> str:
    """`Tuesday 24 November, 15:00 to 15:30`."""
    begin, end = span.begin.astimezone(zone), span.end.astimezone(zone)
    is_one_day = begin.date() == end.date()
    until = f"{end:%H:%M}" if is_one_day else spoken_moment(end, zone)
    return f"{spoken_moment(begin, zone)} to {until}"


def spoken_now(zone: ZoneInfo) -> str:
    """`It is Saturday 21 November 2026, 10:08.`: models do not know the day."""
    now = datetime.now(zone)
    return f"It is {now:%A} {now.day} {now:%B} {now.year}, {now:%H:%M}."
