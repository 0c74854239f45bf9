"""Whether one more call fits: the workers, the number, the organization, the caller."""

from django.db import connection, transaction
from django.utils import timezone

from telephony_app.calls.counting import Count, count
from telephony_app.calls.lifecycle import begin
from telephony_app.models import Call, CallEvent, Cause, PhoneNumber

Kind = CallEvent.Kind
NUMBER_FULL = "The number's limit was reached."
ORGANIZATION_FULL = "The organization's limit was reached."
PLACES_LOCK = 0x766F6963
# How often one telephone may call.
MOST_IN_MINUTE, MOST_IN_HOUR = 5, 20


def free_places() -> int:
    """How many more calls the workers that are alive can carry now."""
    now = count()
    return max(0, now.places - now.carried)


def take_place(call: Call, *, source: str, is_dispatched: bool = False) -> Call:
    """Save a new call's row: open when there is a place, else ended with the cause.

    One request at a time counts, so that limits hold under a burst. `is_dispatched`
    says that the agent is called into the call's room right afterwards.
    """
    with transaction.atomic():
        _lock()
        if refusal := _reason_to_refuse(call):
            cause, detail = refusal
            key = f"ended:{source}:{cause}"
            begin(call, Kind.ENDED, source=source, key=key, cause=cause, detail=detail)
        elif is_dispatched:
            call.dispatches, call.dispatched_at = 1, timezone.now()
            begin(call, Kind.ROOM_MADE, source=source, key="room_made")
        else:
            call.save(force_insert=True)
    return call


def _lock() -> None:
    """Let nobody else count meanwhile; SQLite's write lock does it alone."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLACES_LOCK])


def _reason_to_refuse(call: Call) -> tuple[Cause, str] | None:
    if call.agent is None:
        return Cause.NO_AGENT, ""
    if not call.agent.takes_calls:
        return Cause.AGENT_INACTIVE, ""
    comes_in = call.direction == Call.Direction.INBOUND
    if comes_in and _is_closed(call.phone_number):
        return Cause.CLOSED, ""
    now = count(call)
    if comes_in and (now.in_minute >= MOST_IN_MINUTE or now.in_hour >= MOST_IN_HOUR):
        return Cause.DECLINED, "The telephone calls too often."
    full = _what_is_full(call, now)
    return (Cause.NO_PLACE, full) if full else None


def _is_closed(number: PhoneNumber | None) -> bool:
    return number is not None and not number.is_open(timezone.now())


def _what_is_full(call: Call, now: Count) -> str:
    """Whose limit is reached; empty when there is a place."""
    if call.phone_number and now.of_number >= call.phone_number.max_calls:
        return NUMBER_FULL
    if now.limit is not None and now.of_organization >= now.limit:
        return ORGANIZATION_FULL
    if now.carried >= now.places:
        return "No voice worker had a place."
    return ""
