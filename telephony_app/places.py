"""Whether one more call fits: the workers, the number, the organization, the caller."""

from datetime import timedelta

from django.db import connection, models, transaction
from django.utils import timezone

from telephony_app.e164 import is_telephone
from telephony_app.lifecycle import record
from telephony_app.models import (
    Call,
    CallEvent,
    CallingPolicy,
    Cause,
    WorkerHeartbeat,
)

NUMBER_FULL = "The number's limit was reached."
ORGANIZATION_FULL = "The organization's limit was reached."
PLACES_LOCK = 0x766F6963
# What a draining worker still carries takes no place of the others.
CARRIED = ~models.Q(worker__is_draining=True)
# How often one telephone may call.
OFTEN_ENOUGH = {timedelta(minutes=1): 5, timedelta(hours=1): 20}


def free_places() -> int:
    """How many more calls the workers that are alive can carry now."""
    return max(0, _places() - Call.objects.open().filter(CARRIED).count())


def _places() -> int:
    workers = WorkerHeartbeat.objects.alive().filter(is_draining=False)
    return workers.aggregate(total=models.Sum("places"))["total"] or 0


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
    if call.direction == Call.Direction.INBOUND:
        if call.phone_number and not call.phone_number.is_open(timezone.now()):
            return Cause.CLOSED, ""
        if _calls_too_often(call):
            return Cause.DECLINED, "The number calls too often."
    if full := _what_is_full(call):
        return Cause.NO_PLACE, full
    return None


def _calls_too_often(call: Call) -> bool:
    """Whether the telephone has had its calls. Who hides the number is not told apart
    from others who do, and calls that were declined for this are not counted."""
    if not is_telephone(call.caller):
        return False
    now = timezone.now()
    theirs = Call.objects.filter(caller=call.caller, direction=call.direction)
    lately = theirs.filter(created_at__gt=now - max(OFTEN_ENOUGH))
    moments = lately.exclude(cause=Cause.DECLINED).values_list("created_at", flat=True)
    return any(
        sum(moment > now - span for moment in moments) >= most
        for span, most in OFTEN_ENOUGH.items()
    )


def _what_is_full(call: Call) -> str:
    """Whose limit is reached, all counted by one query; empty when there is a place."""
    open_calls = Call.objects.open().aggregate(
        of_number=models.Count("pk", filter=models.Q(phone_number=call.phone_number)),
        of_organization=models.Count(
            "pk", filter=models.Q(organization=call.organization)
        ),
        carried=models.Count("pk", filter=CARRIED),
    )
    policy = CallingPolicy.objects.filter(organization=call.organization).first()
    if call.phone_number and open_calls["of_number"] >= call.phone_number.max_calls:
        return NUMBER_FULL
    if policy and open_calls["of_organization"] >= policy.max_calls:
        return ORGANIZATION_FULL
    if open_calls["carried"] >= _places():
        return "No voice worker had a place."
    return ""
