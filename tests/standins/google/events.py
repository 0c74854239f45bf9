"""A calendar of Google's as it is kept, with the rules that its API applies.

https://developers.google.com/workspace/calendar/api/v3/reference/events. Events that
repeat are not known here.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.standins.google.errors import refused

ID = re.compile(r"[a-v0-9]{5,1024}")
Json = dict[str, Any]


@dataclass
class KeptCalendar:
    """A calendar, and what the account may do in it."""

    id: str
    summary: str = "Salon"
    time_zone: str = "Europe/Berlin"
    role: str = "writer"
    events: dict[str, Json] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """Whose days its all-day events are."""
        return ZoneInfo(self.time_zone)

    @property
    def standing(self) -> list[Json]:
        """The events that were not deleted, in order."""
        there = [e for e in self.events.values() if e["status"] != "cancelled"]
        return sorted(there, key=lambda event: self.begin(event))

    def insert(self, body: Json) -> Json:
        """A new event; raises `Refusal`."""
        event_id = body.get("id") or secrets.token_hex(13)
        if not ID.fullmatch(event_id):
            raise refused(400, "invalid", "Invalid resource id value.")
        if event_id in self.events:
            raise refused(409, "duplicate", "The requested identifier already exists.")
        event = {
            "kind": "calendar#event",
            "status": "confirmed",
            "created": _now(),
            **body,
            "id": event_id,
            "iCalUID": f"{event_id}@google.com",
        }
        self._check(event)
        return self._keep(event)

    def change(self, event_id: str, changes: Json, if_match: str | None) -> Json:
        """A patched event; raises `Refusal`."""
        event = self.event(event_id)
        if if_match not in (None, "*", event["etag"]):
            raise refused(412, "conditionNotMet", "Precondition Failed", "If-Match")
        changed = _patched(event, changes)
        self._check(changed)
        return self._keep(changed)

    def event(self, event_id: str) -> Json:
        """An event, deleted ones too; raises `Refusal`."""
        if event_id not in self.events:
            raise refused(404, "notFound", "Not Found")
        return self.events[event_id]

    def delete(self, event_id: str) -> None:
        """Delete an event; raises `Refusal` when it was deleted before."""
        event = self.event(event_id)
        if event["status"] == "cancelled":
            raise refused(410, "deleted", "Resource has been deleted")
        self._keep({**event, "status": "cancelled"})

    def between(self, begin: datetime, end: datetime) -> list[Json]:
        """The standing events that touch a stretch of time."""
        return [e for e in self.standing if self.begin(e) < end and self.end(e) > begin]

    def busy(self, begin: datetime, end: datetime) -> list[Json]:
        """What is taken, joined and clipped, as free/busy gives it."""
        spans: list[tuple[datetime, datetime]] = []
        for event in self.between(begin, end):
            if event.get("transparency") == "transparent":
                continue
            first, last = max(begin, self.begin(event)), min(end, self.end(event))
            if spans and first <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(last, spans[-1][1])
            else:
                spans.append((first, last))
        return [{"start": _rfc(first), "end": _rfc(last)} for first, last in spans]

    def begin(self, event: Json) -> datetime:
        """When it begins."""
        return _moment(event["start"], "start", self.zone)

    def end(self, event: Json) -> datetime:
        """When it ends."""
        return _moment(event["end"], "end", self.zone)

    def _check(self, event: Json) -> None:
        for name in ("start", "end"):
            if not event.get(name):
                raise refused(400, "required", f"Missing {name} time.")
        if self.begin(event) >= self.end(event):
            raise refused(400, "timeRangeEmpty", "The specified time range is empty.")

    def _keep(self, event: Json) -> Json:
        etag = f'"{secrets.randbits(50)}"'
        kept = {**event, "updated": _now(), "etag": etag}
        self.events[event["id"]] = kept
        return kept


def _patched(event: Json, changes: Json) -> Json:
    """Patch semantics: objects are merged, null removes."""
    merged = dict(event)
    for name, value in changes.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = _patched(merged[name], value)
        else:
            merged[name] = value
    return merged


def _moment(point: Json, name: str, zone: ZoneInfo) -> datetime:
    """A point of time; raises `Refusal` for one that is none."""
    try:
        if "date" in point:
            day = date.fromisoformat(point["date"])
            return datetime.combine(day, time(), zone).astimezone(UTC)
        moment = datetime.fromisoformat(point["dateTime"])
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(point["timeZone"]))
        return moment.astimezone(UTC)
    except KeyError:
        text = f"Missing time zone definition for {name} time."
        raise refused(400, "required", text) from None
    except (ValueError, TypeError, ZoneInfoNotFoundError):
        raise refused(400, "invalid", "Invalid value") from None


def _now() -> str:
    """Google writes whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _rfc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


LONGEST = timedelta(days=92)
