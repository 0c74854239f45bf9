"""Dates and times as a model writes them, and what is said of those that cannot be."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tools_app.errors import ToolError
from tools_app.implementations.google_calendar.hours import instant
from tools_app.implementations.google_calendar.spoken import spoken_now

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(?:([ap])\.?m\.?)?")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ](\d{2}:\d{2}.*)")
_NAMED_DAYS = {"today": 0, "tomorrow": 1}


def asked_day(text: str, zone: ZoneInfo) -> date:
    """The day meant; raises `ToolError` saying how to write one."""
    today = datetime.now(zone).date()
    plain = text.strip().lower()
    if plain in _NAMED_DAYS:
        return today + timedelta(days=_NAMED_DAYS[plain])
    if found := _DAY.fullmatch(text.strip()):
        try:
            return _with_offset(text, zone) or date.fromisoformat(found[1])
        except ValueError:
            raise ToolError(f"There is no such day. {spoken_now(zone)}") from None
    raise ToolError(f"Write the date like {today.isoformat()}. {spoken_now(zone)}")


def asked_clock(text: str) -> time:
    """The time of day meant; raises `ToolError` saying how to write one."""
    plain = text.strip().lower()
    if moment := _MOMENT.fullmatch(text.strip()):
        plain = moment[1][:5]
    found = _CLOCK.fullmatch(plain)
    hour = _hour(int(found[1]), found[3] or "") if found else 24
    minute = int(found[2] or 0) if found else 0
    if hour > 23 or minute > 59:
        raise ToolError("Write the time by the 24-hour clock, like 15:00.")
    return time(hour, minute)


def asked_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment in UTC; raises `ToolError` for a time that summer time skips."""
    at = instant(day, clock, zone)
    if at.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, clock):
        raise ToolError(
            f"There is no {clock:%H:%M} on that day: the clocks go forward past it. "
            "Offer another time."
        )
    return at


def check_reachable(at: datetime, zone: ZoneInfo, days_ahead: int) -> None:
    """Raise `ToolError` for a time that is over, or too far ahead to be booked."""
    now = datetime.now(UTC)
    if at <= now:
        raise ToolError(f"That time is over. {spoken_now(zone)}")
    if at > now + timedelta(days=days_ahead):
        raise ToolError(
            f"Appointments can be made for the next {days_ahead} days only. "
            f"{spoken_now(zone)}"
        )


def _hour(hour: int, half: str) -> int:
    """By the 24-hour clock: 12 am is midnight, 12 pm noon."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        return 24
    return hour % 12 + (12 if half == "p" else 0)


def _with_offset(text: str, zone: ZoneInfo) -> date | None:
    """The day here of a moment that says its own offset from UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.astimezone(zone).date() if moment.tzinfo else None
