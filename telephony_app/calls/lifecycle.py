"""A call's state, computed from its events: any order and any repetition ends alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from telephony_app.models import Call, CallEvent, Cause, State

Kind = CallEvent.Kind

REACHED = {
    Kind.ROOM_MADE: State.DISPATCHING,
    Kind.CALLER_JOINED: State.RINGING,
    Kind.AGENT_JOINED: State.DISPATCHING,
    Kind.DIALED: State.DISPATCHING,
    Kind.LINE_RINGING: State.RINGING,
    Kind.PICKED_UP: State.RINGING,
    Kind.ANSWERED: State.IN_PROGRESS,
    Kind.ENDED: State.ENDED,
}


class Report(Protocol):
    """What the reducer reads of an event."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def cause(self) -> str: ...
    @property
    def detail(self) -> str: ...


COMPUTED = ("state", "cause", "error", "answered_at", "ended_at")


@dataclass(frozen=True)
class Picture:
    """What a call's events say about it, taken together: its computed fields."""

    state: State
    cause: str
    error: str
    answered_at: datetime | None
    ended_at: datetime | None


def picture(events: Iterable[Report]) -> Picture:
    """Reduce events, in whatever order they came, to the call's state."""
    events = list(events)
    ends = [e for e in events if e.kind == Kind.ENDED]
    answers = [e.at for e in events if e.kind == Kind.ANSWERED]
    reached = [REACHED[Kind(e.kind)] for e in events if Kind(e.kind) in REACHED]
    end = min(ends, key=lambda e: (Cause(e.cause).rank, e.at, e.detail), default=None)
    if end and end.cause == Cause.ROOM_CLOSED:
        end = _what_closed_the_room(events) or end
    return Picture(
        state=max(reached, key=lambda state: state.rank, default=State.CREATED),
        cause=end.cause if end else "",
        error=end.detail if end else "",
        answered_at=min(answers, default=None),
        ended_at=min([e.at for e in [end, *ends] if e], default=None),
    )


@dataclass(frozen=True)
class _End:
    """An end that follows from other reports."""

    at: datetime
    cause: str
    kind: str = Kind.ENDED
    detail: str = ""


def _what_closed_the_room(events: list[Report]) -> Report | None:
    """The caller's leaving, for a person or for good, or never coming."""
    closed = min(e.at for e in events if e.kind == Kind.ENDED)
    if _is_with_a_person(events, closed):
        return _End(closed, Cause.TRANSFERRED)
    came = [e for e in events if e.kind in (Kind.CALLER_JOINED, Kind.ANSWERED)]
    left = [e for e in events if e.kind == Kind.CALLER_LEFT]
    if not came and not left:
        return _End(closed, Cause.ABANDONED)
    last = max(left, key=lambda e: (e.at, e.cause), default=None)
    joins = [e.at for e in came if e.kind == Kind.CALLER_JOINED]
    if last is None or not last.cause or last.at < max(joins, default=last.at):
        return None
    return _End(last.at, last.cause)


def _is_with_a_person(events: list[Report], at: datetime) -> bool:
    """Whether the caller had been put through by then, and had not come back."""
    gone = [e.at for e in events if e.kind == Kind.TRANSFERRED and e.at <= at]
    back = [e.at for e in events if e.kind == Kind.RETURNED]
    return bool(gone) and max(gone) > max(
        back, default=datetime.min.replace(tzinfo=UTC)
    )


def happened(at: datetime) -> datetime:
    """When it happened that is told of. Those who tell give whole seconds; a fresh
    arrival knows better."""
    now = timezone.now()
    return now if timedelta(0) <= now - at < timedelta(seconds=2) else at


def record(
    call: Call,
    kind: str,
    *,
    source: str,
    key: str,
    at: datetime | None = None,
    cause: Cause | None = None,
    detail: str = "",
) -> bool:
    """Count a report once and bring the call up to date; False for a repeated one.

    `key` is the reporter's own name for the report, unique within the call.
    """
    event = _event(call, kind, source, key, cause, detail)
    event.at = at or event.at
    with transaction.atomic():
        row = Call.objects.select_for_update().only("pk").get(pk=call.pk)
        events = list(row.events.all())
        if any(known.dedupe_key == event.dedupe_key for known in events):
            return False
        event.save(force_insert=True)
        _show(row, picture([*events, event]))
        row.save(update_fields=COMPUTED)
    _show(call, picture([*events, event]))
    return True


def begin(
    call: Call,
    kind: str,
    *,
    source: str,
    key: str,
    cause: Cause | None = None,
    detail: str = "",
) -> None:
    """Save a new call together with its first report; in a transaction."""
    event = _event(call, kind, source, key, cause, detail)
    _show(call, picture([event]))
    call.save(force_insert=True)
    event.save(force_insert=True)


def _event(
    call: Call, kind: str, source: str, key: str, cause: Cause | None, detail: str
) -> CallEvent:
    return CallEvent(
        call=call,
        source=source,
        kind=kind,
        dedupe_key=f"{call.pk}:{key}",
        at=timezone.now(),
        cause=cause or "",
        detail=detail[:500],
    )


def _show(call: Call, seen: Picture) -> None:
    for name in COMPUTED:
        setattr(call, name, getattr(seen, name))
