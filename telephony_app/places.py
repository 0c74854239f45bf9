"""Whether one more call fits: the workers, the number, the organization."""

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import Organization
from telephony_app.lifecycle import record
from telephony_app.models import (
    Call,
    CallEvent,
    CallingPolicy,
    Cause,
    PhoneNumber,
    WorkerHeartbeat,
)

PLACES_LOCK = 0x766F6963


def free_places() -> int:
    """How many more calls the workers that are alive can carry now."""
    workers = WorkerHeartbeat.objects.alive().filter(is_draining=False)
    places = workers.aggregate(total=models.Sum("places"))["total"] or 0
    # What a draining worker still carries takes no place of the others.
    carried = Call.objects.open().exclude(worker__is_draining=True)
    return max(0, places - carried.count())


def take_place(call: Call, *, source: str) -> Call:
    """Save a new call's row: open when there is a place, else ended with the cause.

    One request at a time counts, so that limits hold under a burst.
    """
    with transaction.atomic():
        _lock()
        refusal = _reason_to_refuse(call)
        call.save(force_insert=True)
        if refusal:
            cause, detail = refusal
            key = f"ended:{source}:{cause}"
            kind = CallEvent.Kind.ENDED
            record(call, kind, source=source, key=key, cause=cause, detail=detail)
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
    if call.direction == Call.Direction.INBOUND and _is_closed(call.phone_number):
        return Cause.CLOSED, ""
    for is_full, whose in (
        (_number_is_full(call.phone_number), "The number's limit was reached."),
        (_organization_is_full(call.organization), "The organization's limit."),
        (not free_places(), "No voice worker had a place."),
    ):
        if is_full:
            return Cause.NO_PLACE, whose
    return None


def _is_closed(number: PhoneNumber | None) -> bool:
    return number is not None and not number.is_open(timezone.now())


def _number_is_full(number: PhoneNumber | None) -> bool:
    if number is None:
        return False
    return Call.objects.open().filter(phone_number=number).count() >= number.max_calls


def _organization_is_full(organization: Organization) -> bool:
    policy = CallingPolicy.objects.filter(organization=organization).first()
    if policy is None:
        return False
    carried = Call.objects.open().filter(organization=organization)
    return carried.count() >= policy.max_calls
