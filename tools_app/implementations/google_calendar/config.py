"""What staff set up of a calendar, and the key that opens it."""

from datetime import date, time, timedelta
from functools import cached_property
from importlib.resources import files
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from tools_app.base import BaseConfig, BaseSensitiveConfig
from tools_app.implementations.google_calendar.hours import (
    PATTERN,
    WEEKDAYS,
    instant,
    open_spans,
)
from tools_app.implementations.google_calendar.service_account import ServiceAccount
from tools_app.implementations.google_calendar.spans import Span, merged

# From the package and not from the system: the same list on every machine.
ZONES = sorted(
    name
    for name in (files("tzdata") / "zones").read_text().split()
    if name == "UTC" or ("/" in name and not name.startswith("Etc/"))
)
WORK = "09:00-17:00"

ZoneName = Annotated[str, Field(json_schema_extra={"enum": list(ZONES)})]
Hours = Annotated[
    str,
    Field(
        pattern=PATTERN,
        description="Like 09:00-17:00, or 09:00-12:00, 13:00-17:00, or closed.",
    ),
]


class CalendarConfig(BaseConfig):
    """Which calendar, and when appointments may be in it."""

    calendar_id: str = Field(
        title="Calendar ID",
        min_length=1,
        description="From the calendar's settings in Google Calendar, often an email "
        "address. Share the calendar there with the service account's address, with "
        "the right to make changes to events.",
    )
    time_zone: ZoneName = Field(
        description="In which callers and opening hours tell the time."
    )
    monday: Hours = WORK
    tuesday: Hours = WORK
    wednesday: Hours = WORK
    thursday: Hours = WORK
    friday: Hours = WORK
    saturday: Hours = "closed"
    sunday: Hours = "closed"
    slot_minutes: int = Field(
        30,
        ge=5,
        le=480,
        description="How long an appointment is when nothing else is said, and the "
        "steps in which free times are offered.",
    )
    buffer_minutes: int = Field(
        0, ge=0, le=240, description="What stays free before and after each event."
    )
    max_days_ahead: int = Field(
        60, ge=1, le=365, description="How far ahead appointments can be made."
    )
    access: Literal["own", "all"] = Field(
        "own",
        description="What callers hear of events, can move and cancel. own: those "
        "under their name or made from their phone number. all: every event, for "
        "agents that only your own people talk to.",
    )

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in ZONES:
            raise ValueError("Use a zone of the IANA list, such as Europe/Berlin.")
        return name

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of all times that are said."""
        return ZoneInfo(self.time_zone)

    @property
    def slot(self) -> timedelta:
        """How long an appointment is when nothing else is said."""
        return timedelta(minutes=self.slot_minutes)

    @property
    def buffer(self) -> timedelta:
        """What stays free before and after each event."""
        return timedelta(minutes=self.buffer_minutes)

    def hours(self, day: date) -> str:
        """The opening hours of a day as staff wrote them."""
        written: str = getattr(self, WEEKDAYS[day.weekday()])
        return written

    def open_spans(self, first: date, last: date) -> list[Span]:
        """When appointments may be on these days, from the first midnight on: a night
        before may reach into it, and the last one beyond."""
        days = [first + timedelta(days=n) for n in range(-1, (last - first).days + 1)]
        spans = (s for day in days for s in open_spans(day, self.hours(day), self.zone))
        midnight = instant(first, time(), self.zone)
        return [
            Span(max(span.begin, midnight), span.end)
            for span in merged(spans)
            if span.end > midnight
        ]


class CalendarSecrets(BaseSensitiveConfig):
    """The key of the service account that the calendar is shared with."""

    service_account_key: str = Field(
        description="The whole content of the JSON file that Google Cloud gives for a "
        "key of a service account (IAM, Service accounts, Keys, Add key, JSON).",
        json_schema_extra={"format": "textarea"},
    )

    @field_validator("service_account_key")
    @classmethod
    def _is_key(cls, text: str) -> str:
        if ServiceAccount.read(text) is None:
            raise ValueError(
                "This is not the JSON key of a service account: paste the whole file, "
                "from { to }, with type, client_email, private_key and token_uri."
            )
        return text
