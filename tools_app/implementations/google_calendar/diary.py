"""A calendar with its opening hours: what is free, and who gets it."""

from base64 import b32hexencode
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from tools_app.errors import ToolError
from tools_app.http_failures import HttpFailure
from tools_app.implementations.google_calendar.api import CalendarApi
from tools_app.implementations.google_calendar.config import CalendarConfig
from tools_app.implementations.google_calendar.events import Event, times
from tools_app.implementations.google_calendar.spans import Span, gaps, starts

# Google answers for about three months at once; a free time is mostly found sooner.
LOOK_AHEAD = timedelta(days=13)
# How often one request may be booked anew after its event was deleted.
MOST_ATTEMPTS = 10


class Diary:
    """What is free in a calendar, booking it, moving what was booked."""

    def __init__(self, api: CalendarApi, config: CalendarConfig) -> None:
        self._api = api
        self._config = config

    async def free(self, first: date, last: date, length: timedelta) -> list[Span]:
        """The stretches of these days, from now on, in which this length fits."""
        return [free for _, free in await self._free(first, last, length)]

    async def free_starts(
        self, after: datetime, length: timedelta
    ) -> AsyncIterator[datetime]:
        """When something of this length may begin, the earliest first."""
        end = datetime.now(UTC) + timedelta(days=self._config.max_days_ahead)
        day, last = (at.astimezone(self._config.zone).date() for at in (after, end))
        while day <= last:
            until = min(day + LOOK_AHEAD, last)
            for within, free in await self._free(day, until, length):
                for at in starts(within, free, length, self._config.slot):
                    if after <= at <= end:
                        yield at
                        after = at + self._config.slot
            day = until + timedelta(days=1)

    def is_open(self, span: Span) -> bool:
        """Whether all of it is within opening hours."""
        day = span.begin.astimezone(self._config.zone).date()
        hours = self._config.open_spans(day, day + timedelta(days=1))
        return any(open_.covers(span) for open_ in hours)

    async def is_taken(self, span: Span) -> bool:
        """Whether something is in the way of it, or too near."""
        wide = span.widened(self._config.buffer)
        return any(busy.overlaps(wide) for busy in await self._api.busy(wide))

    async def book(self, span: Span, body: dict[str, Any], key: str) -> Event | None:
        """A new event; None when its time is taken.

        The same `key` again finds the event that it made: an answer that got lost, or
        a request made twice, does not book twice.
        """
        if await self.is_taken(span):
            return (await self._made_before(key, span))[0]
        body = {**body, **times(span, self._config.zone)}
        event = await self._api.insert({**body, "id": _id(key, 0)})
        if event is None:
            event, unused = await self._made_before(key, span)
            event = event or await self._api.insert({**body, "id": unused})
        if event and await self._came_second(event, span):
            await self._api.delete(event.id)
            return None
        return event

    async def move(
        self, event: Event, span: Span, changes: dict[str, Any]
    ) -> Event | None:
        """The event at its new time and with other changes; None when that is taken.

        Raises `ToolError` when somebody else changed it meanwhile.
        """
        if await self._others(event, span):
            return None
        zone = self._config.zone
        moved = await self.change(event, {**changes, **times(span, zone)})
        with suppress(HttpFailure):
            if await self._others(event, span):
                await self.change(moved, times(event.span(zone), zone))
                return None
        return moved

    async def change(self, event: Event, changes: dict[str, Any]) -> Event:
        """The changed event; raises `ToolError` when somebody else changed it first."""
        if changed := await self._api.patch(event, changes):
            return changed
        raise ToolError(
            "The appointment was changed by somebody else just now. List the "
            "appointments again, and ask the caller what to do.",
            may_retry=True,
        )

    async def _free(
        self, first: date, last: date, length: timedelta
    ) -> list[tuple[Span, Span]]:
        """Opening hours, each with a stretch that is free in it from now on."""
        now = datetime.now(UTC)
        hours = [s for s in self._config.open_spans(first, last) if s.end > now]
        if not hours:
            return []
        margin = self._config.buffer
        busy = await self._api.busy(Span(hours[0].begin, hours[-1].end).widened(margin))
        taken = [*(b.widened(margin) for b in busy), Span(hours[0].begin, now)]
        found = ((within, free) for within in hours for free in gaps(within, taken))
        return [(within, free) for within, free in found if free.length >= length]

    async def _made_before(self, key: str, span: Span) -> tuple[Event | None, str]:
        """The event that this request made before, where it still is; otherwise the id
        that it may use next."""
        for attempt in range(MOST_ATTEMPTS):
            event = await self._api.event(_id(key, attempt))
            if event is None:
                return None, _id(key, attempt)
            if event.is_there and event.span(self._config.zone) == span:
                return event, ""
        raise ToolError("This was booked and cancelled too often. Offer another time.")

    async def _came_second(self, event: Event, span: Span) -> bool:
        """Whether another event took the time while this one was made.

        Of two made at once the later gives way, and both when Google gives them the
        same second: nobody is booked twice. Where that cannot be looked up, the event
        stands: its time was free just before.
        """
        with suppress(HttpFailure):
            others = await self._others(event, span)
            return any(_is_first(other, event) for other in others)
        return False

    async def _others(self, event: Event, span: Span) -> list[Event]:
        """What else is in the way of it."""
        wide = span.widened(self._config.buffer)
        zone = self._config.zone
        return [
            other
            for other in await self._api.events(wide)
            if other.id != event.id and other.blocks and other.span(zone).overlaps(wide)
        ]


def _is_first(other: Event, event: Event) -> bool:
    if other.created is None or event.created is None:
        return True
    return other.created <= event.created


def _id(key: str, attempt: int) -> str:
    """An id as Google takes it from a client: 5 to 1024 of a to v and 0 to 9."""
    digest = sha256(f"{key}|{attempt}".encode()).digest()[:20]
    return b32hexencode(digest).decode().lower()
