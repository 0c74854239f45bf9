"""Days and clock times in what people say ("next Monday at half past ten")."""

import re
from datetime import date, time, timedelta

from livekit_worker.sandbox.language.numbers import ORDINALS, with_digits
from livekit_worker.sandbox.language.words import vocabulary

DAYS = vocabulary("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = vocabulary(
    "january february march april may june july august september october november "
    "december"
)
_MONTH = "|".join(MONTHS)
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b")
_MONTH_DAY = re.compile(rf"\b({_MONTH})(?: the)? (\d{{1,2}})(?:st|nd|rd|th)?\b")
_IN_DAYS = re.compile(r"\bin (\d+) (day|week)s?\b")
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\s*([ap])?\.?m?\b")
_HOUR = re.compile(
    r"(?P<at>\bat |\b)(?P<hour>\d{1,2})(?: (?P<minute>[0-5]\d))?"
    r"\s*(?P<mark>[ap]\.?m\b|o'?clock|in the (?:morning|afternoon|evening))?"
)
_PAST = re.compile(r"\b(half past|quarter past|quarter to) (\d{1,2})\b")


def find_date(text: str, *, today: date) -> date | None:
    """The day spoken of, or None; a month without a year is the next to come."""
    text = with_digits(text)
    for position, ordinal in enumerate(ORDINALS, start=1):
        text = re.sub(rf"\b{ordinal}\b", f"{position}th", text)
    found = _ISO.search(text)
    if found:
        return _day(*map(int, found.groups()))
    return _named_month(text, today=today) or _relative(text, today=today)


def _named_month(text: str, *, today: date) -> date | None:
    if found := _DAY_MONTH.search(text):
        number, month = int(found[1]), found[2]
    elif found := _MONTH_DAY.search(text):
        number, month = int(found[2]), found[1]
    else:
        return None
    this_year = _day(today.year, MONTHS.index(month) + 1, number)
    if this_year and this_year < today:
        return _day(today.year + 1, this_year.month, number)
    return this_year


def _relative(text: str, *, today: date) -> date | None:
    if found := _IN_DAYS.search(text):
        days = int(found[1]) * (7 if found[2] == "week" else 1)
        return today + timedelta(days=min(days, 3660))
    for words, days in (("day after tomorrow", 2), ("tomorrow", 1), ("today", 0)):
        if words in text:
            return today + timedelta(days=days)
    for number, name in enumerate(DAYS):
        if re.search(rf"\b{name}\b", text):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def find_time(text: str, *, bare_hour: bool = False) -> time | None:
    """The clock time spoken of, or None.

    A lone number counts only after "at", or when a time was asked (`bare_hour`).
    Hours 1 to 6 without "am" are meant in the afternoon.
    """
    text = with_digits(text)
    if "noon" in re.findall(r"\w+", text):
        return time(12)
    if "midnight" in text:
        return time(0)
    if found := _CLOCK.search(text):
        return _clock(int(found[1]), int(found[2]), half=found[3] or "exact")
    if found := _PAST.search(text):
        return _past(found[1], int(found[2]), half=_half(text))
    return _spoken_hour(text, bare_hour=bare_hour)


def _spoken_hour(text: str, *, bare_hour: bool) -> time | None:
    for found in _HOUR.finditer(text):
        if bare_hour or found["at"].strip() or found["mark"]:
            minute = int(found["minute"] or 0)
            return _clock(int(found["hour"]), minute, half=_half(text))
    return None


def _half(text: str) -> str:
    """`a` for the morning, `p` for later, empty when nobody said."""
    if found := re.search(r"(?:\b|\d)([ap])\.?m\b", text):
        return found[1]
    if "morning" in text:
        return "a"
    return "p" if "afternoon" in text or "evening" in text else ""


def _past(words: str, hour: int, *, half: str) -> time | None:
    minute = {"half past": 30, "quarter past": 15, "quarter to": 45}[words]
    if words == "quarter to":
        hour = (hour - 2) % 12 + 1
    return _clock(hour, minute, half=half)


def _clock(hour: int, minute: int, *, half: str) -> time | None:
    if half == "a":
        hour %= 12
    elif (half == "p" and hour < 12) or (not half and 1 <= hour <= 6):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
