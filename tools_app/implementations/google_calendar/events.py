"""Events as Google's Calendar API writes them.

https://developers.google.com/workspace/calendar/api/v3/reference/events
"""

import datetime as dt
import unicodedata
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tools_app.call_context import CallContext
from tools_app.implementations.google_calendar.hours import instant
from tools_app.implementations.google_calendar.spans import Span


class _Google(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Point(_Google):
    """When an event begins or ends: a moment, or a day of the calendar."""

    date: dt.date | None = None
    date_time: AwareDatetime | None = None


class ExtendedProperties(_Google):
    """What only this platform reads of an event."""

    private: dict[str, str] = {}


class Event(_Google):
    """An event of the calendar, as far as it matters here."""

    id: str
    etag: str = ""
    status: str = "confirmed"
    summary: str = ""
    description: str = ""
    created: AwareDatetime | None = None
    start: Point = Point()
    end: Point = Point()
    transparency: str = "opaque"
    extended_properties: ExtendedProperties = ExtendedProperties()

    @property
    def is_there(self) -> bool:
        """Whether it was not deleted: Google keeps deleted ones for a while."""
        return self.status != "cancelled"

    @property
    def is_all_day(self) -> bool:
        """Whether it is of a day, and not of a time."""
        return self.start.date is not None

    @property
    def blocks(self) -> bool:
        """Whether its time is taken by it."""
        return self.is_there and self.transparency != "transparent"

    def span(self, zone: ZoneInfo) -> Span:
        """Its time; a day is one of this zone."""
        return Span(_moment(self.start, zone), _moment(self.end, zone))

    def is_of(self, name: str, phone: str) -> bool:
        """Whether it is under this name, or was made from this number."""
        if phone and self.extended_properties.private.get("caller") == phone:
            return True
        wanted = _words(name)
        return bool(wanted) and wanted <= _words(f"{self.summary} {self.description}")


class Busy(_Google):
    """A stretch of time that is taken."""

    start: AwareDatetime
    end: AwareDatetime

    @property
    def span(self) -> Span:
        """It, in UTC."""
        return Span(self.start.astimezone(dt.UTC), self.end.astimezone(dt.UTC))


class Fault(_Google):
    """Why a calendar could not be looked into."""

    reason: str = ""


class FreeBusyCalendar(_Google):
    """What is taken in one calendar. One that is not shared has no busy time, but
    errors."""

    busy: list[Busy] = []
    errors: list[Fault] = []


class FreeBusy(_Google):
    """The answer to a question about free time."""

    calendars: dict[str, FreeBusyCalendar] = {}


class EventPage(_Google):
    """A page of a list of events."""

    items: list[Event] = []
    next_page_token: str = ""
    access_role: str = ""


class Calendar(_Google):
    """The calendar itself."""

    summary: str = ""
    time_zone: str = Field(default="")


def times(span: Span, zone: ZoneInfo) -> dict[str, Any]:
    """Begin and end of an event, as Google takes them."""
    return {
        name: {"dateTime": at.astimezone(zone).isoformat(), "timeZone": zone.key}
        for name, at in (("start", span.begin), ("end", span.end))
    }


def event_body(
    title: str, name: str, told: dict[str, str | None], call: CallContext
) -> dict[str, Any]:
    """What a new event says, all but its time.

    Email addresses stand in the text and not among the guests: a service account may
    invite nobody (403 forbiddenForServiceAccounts).
    """
    lines = [f"{label}: {text}" for label, text in told.items() if text]
    made_by = f"Booked on the phone by {call.agent_name}."
    return {
        "summary": f"{title} ({name})",
        "description": "\n".join([f"Name: {name}", *lines, made_by]),
        "extendedProperties": {
            "private": {"call": str(call.call_id or ""), "caller": call.caller}
        },
    }


def _moment(point: Point, zone: ZoneInfo) -> dt.datetime:
    if point.date_time:
        return point.date_time.astimezone(dt.UTC)
    return instant(point.date or dt.date.min, dt.time(), zone)


def _words(text: str) -> set[str]:
    """Its words, small and without accents: José is found as jose."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return set("".join(letters).split())
