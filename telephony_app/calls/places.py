"""Whether one more call fits: the workers, the number, the organization, the caller."""

from django.utils import timezone

from telephony_app.calls.counting import Count, count
from telephony_app.calls.lifecycle import begin
from telephony_app.locks import alone
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
    with alone(PLACES_LOCK):
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


def _reason_to_refuse(call: Call) -> tuple[Cause, str] | None:
    """How often a telephone called is asked first: who calls in vain may be forwarded,
    which costs money each time."""
    now = count(call)
    is_often = now.in_minute >= MOST_IN_MINUTE or now.in_hour >= MOST_IN_HOUR
    if call.comes_in and is_often:
        return Cause.DECLINED, "The telephone calls too often."
    if call.agent is None:
        return Cause.NO_AGENT, ""
    if not call.agent.takes_calls:
        return Cause.AGENT_INACTIVE, ""
    if call.comes_in and _is_closed(call.phone_number):
        return Cause.CLOSED, ""
    full = _what_is_full(call, now)
    return (Cause.NO_PLACE, full) if full else None


def _is_closed(number: PhoneNumber | None) -> bool:
    return number is not None and not number.is_open(timezone.now())


def _what_is_full(call: Call, now: Count) -> str:
    """Whose limit is reached; empty when there is a place."""
    if call.phone_number and now.of_number >= call.phone_number.max_calls:
        return NUMBER_FULL
    if now.of_organization >= now.limit:
        return ORGANIZATION_FULL
    if now.carried >= now.places:
        return "No voice worker had a place."
    return ""
