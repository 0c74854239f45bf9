"""Who knows what can be asked of a calendar: lengths, times, what to offer instead."""

import datetime as dt
from typing import Any

from tools_app.errors import ToolError
from tools_app.implementations.google_calendar.answers import day_answer, offered
from tools_app.implementations.google_calendar.asked import (
    asked_clock,
    asked_day,
    asked_moment,
    check_reachable,
)
from tools_app.implementations.google_calendar.config import CalendarConfig
from tools_app.implementations.google_calendar.diary import Diary
from tools_app.implementations.google_calendar.events import Event
from tools_app.implementations.google_calendar.hours import instant
from tools_app.implementations.google_calendar.spans import Span
from tools_app.implementations.google_calendar.spoken import spoken_now

DAY = dt.timedelta(days=1)
PARTS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}
MOST_INSTEAD = 3
TAKEN = "That time is taken."


class Desk:
    """Times as callers ask for them, by the calendar's opening hours."""

    def __init__(self, config: CalendarConfig, diary: Diary) -> None:
        self._config = config
        self._zone = config.zone
        self._diary = diary

    def length(self, minutes: int | None) -> dt.timedelta:
        """How long an appointment takes."""
        return dt.timedelta(minutes=minutes) if minutes else self._config.slot

    def span(self, date: str, clock: str, minutes: int | None) -> Span:
        """The time asked for; raises `ToolError` for one that cannot be booked."""
        day = asked_day(date, self._zone)
        return self._checked(day, asked_clock(clock), self.length(minutes))

    def moved(
        self, event: Event, date: str | None, clock: str | None, minutes: int | None
    ) -> Span:
        """An event's new time, where only some of it changes; raises `ToolError`."""
        if event.is_all_day:
            raise ToolError("This takes the whole day: only the staff can move it.")
        old = event.span(self._zone)
        begin = old.begin.astimezone(self._zone)
        day = asked_day(date, self._zone) if date else begin.date()
        at = asked_clock(clock) if clock else begin.time().replace(fold=0)
        return self._checked(day, at, self.length(minutes) if minutes else old.length)

    def period(self, date: str | None) -> Span:
        """A day, or all the time to come in which there can be appointments."""
        now = dt.datetime.now(dt.UTC)
        if date is None:
            return Span(now, now + self._config.max_days_ahead * DAY)
        day = asked_day(date, self._zone)
        ends = (instant(d, dt.time(), self._zone) for d in (day, day + DAY))
        return Span(*ends)

    async def obstacle(self, span: Span) -> str:
        """Why a time cannot be had; empty when it can."""
        if closed := self.closed(span):
            return closed
        return TAKEN if await self._diary.is_taken(span) else ""

    def closed(self, span: Span) -> str:
        """That a time is outside the opening hours; empty when it is inside."""
        if self._diary.is_open(span):
            return ""
        day = span.begin.astimezone(self._zone).date()
        hours = self._config.hours(day).replace("-", " to ")
        said = "closed" if hours == "closed" else f"open from {hours}"
        return f"That is outside the opening hours: on {day:%A} it is {said}."

    async def refused(self, word: str, why: str, span: Span) -> dict[str, Any]:
        """Why a time cannot be had, and which near it can."""
        near = offered(await self._near(span), self._zone)
        return {word: False, "why": why, "free_instead": near or "nothing near it"}

    async def free_on(self, date: str, minutes: int | None) -> dict[str, Any]:
        """The free stretches of a day."""
        day = asked_day(date, self._zone)
        if day < dt.datetime.now(self._zone).date():
            raise ToolError(f"That day is over. {spoken_now(self._zone)}")
        free = await self._diary.free(day, day, self.length(minutes))
        return day_answer(day, free, self._zone)

    async def next_starts(
        self, after: str | None, part: str | None, minutes: int | None, count: int
    ) -> list[dt.datetime]:
        """The next times that can be had."""
        first, last = PARTS[part] if part else (0, 24)
        found: list[dt.datetime] = []
        async for at in self._diary.free_starts(
            self._begin(after), self.length(minutes)
        ):
            if first <= at.astimezone(self._zone).hour < last:
                found.append(at)
            if len(found) == count:
                break
        return found

    async def _near(self, span: Span) -> list[dt.datetime]:
        """The nearest times on the same day or else the next ones, in order."""
        begin = span.begin.astimezone(self._zone).replace(hour=0, minute=0)
        found: list[dt.datetime] = []
        after = max(begin.astimezone(dt.UTC), dt.datetime.now(dt.UTC))
        async for at in self._diary.free_starts(after, span.length):
            if len(found) >= MOST_INSTEAD and at - begin >= DAY:
                break
            found.append(at)
        return sorted(sorted(found, key=lambda at: abs(at - span.begin))[:MOST_INSTEAD])

    def _begin(self, after: str | None) -> dt.datetime:
        """From when on to look: never before now."""
        now = dt.datetime.now(dt.UTC)
        if not after:
            return now
        clock = asked_clock(after) if ":" in after else dt.time()
        return max(now, instant(asked_day(after, self._zone), clock, self._zone))

    def _checked(self, day: dt.date, clock: dt.time, length: dt.timedelta) -> Span:
        begin = asked_moment(day, clock, self._zone)
        check_reachable(begin, self._zone, self._config.max_days_ahead)
        return Span(begin, begin + length)
