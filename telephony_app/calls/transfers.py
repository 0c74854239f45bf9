"""A caller is put through to a person, whom staff named, and may come back.

While that goes on the call is open, and `transferred_to` says to whom. It is written
before anything is asked of the line, so that the caller's leaving is no hang-up.
"""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from telephony_app.calls.lifecycle import record
from telephony_app.calls.opening import end_call
from telephony_app.e164 import spaced
from telephony_app.livekit import rooms
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.locks import alone
from telephony_app.models import Call, CallEvent, CallingPolicy, Cause
from telephony_app.outbound.amounts import MINUTE, check_rate
from telephony_app.outbound.called_in import check_one_more
from telephony_app.outbound.rules import check_number

logger = logging.getLogger(__name__)
Kind = CallEvent.Kind
SIP = ("sip:", "sips:")
CALLED_IN_LOCK = 0x766F6964
FORWARDED = "forwarded"
# Calls that began before this are over.
LONGEST_AGO = timedelta(hours=6)


def is_sip(address: str) -> bool:
    """Whether it is a SIP address, and no telephone number."""
    return address.startswith(SIP)


def check_target(organization_id: int, address: str) -> None:
    """Refuse a number that costs extra or is abroad; raises `NotAllowed`.

    Countries are those of the organization's policy. Whether agents may call out by
    themselves does not matter: to whom callers may be put through, staff say.
    """
    if not is_sip(address):
        check_number(address, CallingPolicy.objects.of(organization_id))


def call_in(call: Call, address: str, *, source: str) -> None:
    """Count the person who is about to be called over the organization's own line.

    Counted under a lock, so that the limits hold under a burst. Raises `NotAllowed`.
    """
    with alone(CALLED_IN_LOCK):
        policy = CallingPolicy.objects.of(call.organization_id)
        check_one_more(policy, timezone.now())
        detail, key = f"To {spaced(address)}", f"called_in:{_count(call)}"
        record(call, Kind.DIALED, source=source, key=key, detail=detail)


def forward(call: Call, number: str, *, source: str) -> None:
    """A person is rung in the agent's place; asked again, nothing changes.

    They count by themselves, by the organization's calls a minute: whose number is
    hidden or false could else have any number of them made. Raises `NotAllowed`.
    """
    if call.transferred_to == number:
        return
    with alone(CALLED_IN_LOCK):
        now, policy = timezone.now(), CallingPolicy.objects.of(call.organization_id)
        check_rate(_forwarded_lately(call, now), policy, now)
        Call.objects.filter(pk=call.pk).update(transferred_to=number)
        detail = f"Forwarded to {number}, for no agent could take the call."
        record(call, Kind.TRANSFERRED, source=source, key=FORWARDED, detail=detail)


def _forwarded_lately(call: Call, now: datetime) -> list[datetime]:
    """When callers of this organization were, within a minute; newest first."""
    events = CallEvent.objects.filter(
        call__organization=call.organization_id,
        call__created_at__gt=now - LONGEST_AGO,
        kind=Kind.TRANSFERRED,
        dedupe_key__endswith=f":{FORWARDED}",
        at__gt=now - MINUTE,
    )
    return list(events.order_by("-at").values_list("at", flat=True))


def begin(call: Call, address: str, *, source: str) -> None:
    """The caller is about to be put through."""
    Call.objects.filter(pk=call.pk).update(transferred_to=address)
    call.transferred_to = address
    detail = f"To {spaced(address)}"
    key = f"transferred:{_count(call)}"
    record(call, Kind.TRANSFERRED, source=source, key=key, detail=detail)


def come_back(call: Call, why: str, *, source: str) -> None:
    """Nobody took the call: the caller is with the agent again, or about to be."""
    Call.objects.filter(pk=call.pk).update(transferred_to="")
    call.transferred_to = ""
    key = f"returned:{_count(call)}"
    record(call, Kind.RETURNED, source=source, key=key, detail=why)


def why_back(call: Call) -> str:
    """Why the caller came back the last time."""
    returned = call.events.filter(kind=Kind.RETURNED).order_by("pk").last()
    return returned.detail if returned else ""


def _count(call: Call) -> int:
    """How often the caller was put through so far."""
    return call.events.filter(kind=Kind.TRANSFERRED).count()


def take_over(call: Call, *, source: str) -> None:
    """The person has the caller: the agent's part is over, and its room too."""
    end_call(call, Cause.TRANSFERRED, source=source)
    close_room(call)


def close_room(call: Call) -> None:
    """Close the room now, or leave it to the reconciler."""
    try:
        rooms.close_room(call.room)
    except LiveKitUnreachable as error:
        said = call.pk, error.details
        logger.warning("the room of call %s is closed later: %s", *said)
