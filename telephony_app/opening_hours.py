"""When somebody is there: lines like `Mon-Fri 09:00-17:00`."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = "|".join(DAYS)
LINE = re.compile(
    rf"({DAY})(?:-({DAY}))?\s+(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)", re.IGNORECASE
)
HOW = "Write each line like Mon-Fri 09:00-17:00 or Sat 10:00-13:00."


@dataclass(frozen=True)
class Period:
    """Some days of the week from one time of day to a later one; `closes` is out."""

    days: frozenset[int]
    opens: time
    closes: time

    @classmethod
    def read(cls, line: str) -> "Period":
        """One line; raises ValueError with words that say how to write it."""
        found = LINE.fullmatch(line.strip())
        if not found:
            raise ValueError(f"'{line.strip()}' cannot be read. {HOW}")
        first, last, *clock = found.groups()
        opens, closes = _time(*clock[:2]), _time(*clock[2:])
        if closes <= opens:
            raise ValueError(
                f"'{line.strip()}' closes before it opens. A night is two lines: one "
                "until 24:00 and one from 00:00."
            )
        return cls(_days(first, last or first), opens, closes)


def _time(hour: str, minute: str) -> time:
    """A time of day; 24:00 is the last moment of it."""
    if (hour, minute) == ("24", "00"):
        return time.max
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"There is no time {hour}:{minute}. {HOW}") from None


def _days(first: str, last: str) -> frozenset[int]:
    start, end = DAYS.index(first.title()), DAYS.index(last.title())
    length = (end - start) % 7 + 1
    return frozenset((start + day) % 7 for day in range(length))


def periods(text: str) -> list[Period]:
    """Every line's period; raises ValueError for one that cannot be read."""
    return [Period.read(line) for line in text.splitlines() if line.strip()]


def is_open(text: str, at: datetime, time_zone: str) -> bool:
    """Whether somebody is there at that moment; no lines mean always."""
    lines = periods(text)
    local = at.astimezone(ZoneInfo(time_zone))
    day, clock = local.weekday(), local.time()
    return not lines or any(
        day in p.days and p.opens <= clock < p.closes for p in lines
    )


def validate_hours(text: str) -> None:
    """A form's error for lines that cannot be read."""
    try:
        periods(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def validate_time_zone(name: str) -> None:
    """A form's error for a zone that there is not."""
    if name not in available_timezones():
        raise ValidationError(
            "There is no such time zone. Write it like Europe/Berlin or UTC."
        )
