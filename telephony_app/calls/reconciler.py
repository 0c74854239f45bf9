"""Repairs what nobody reported: calls compared with the rooms there really are.

Webhooks get lost and processes die between two writes, so nothing here trusts that an
earlier step happened, and a second run changes nothing.
"""

import logging
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from django.utils import timezone

from telephony_app.calls.opening import end_call, hang_up, rescue
from telephony_app.livekit import rooms
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.models import Call, Cause, State, WorkerHeartbeat
from telephony_app.twilio.rest import TwilioRefused

logger = logging.getLogger(__name__)

# A call younger than this may have its room made this very moment.
SETTLED = timedelta(seconds=20)
SECOND_LOOK_SECONDS = 8
CALLER_COMES_WITHIN = timedelta(seconds=60)
# Workers rescue one another's calls within seconds; then comes this.
RESCUE_AFTER = timedelta(seconds=15)
GOODBYE_SECONDS = 120
REMEMBERED = timedelta(days=1)


class Doubt(Enum):
    """What seems to be wrong with a call."""

    GONE = auto()
    ALONE = auto()


def reconcile() -> None:
    """Bring every call in line with LiveKit; without an answer, leave all as it is."""
    forget_gone_workers()
    with _patience("Reconciling calls"):
        open_rooms = rooms.open_rooms()
        close_forgotten_rooms(open_rooms)
        calls = _settled_calls()
        for call in calls:
            with _patience(f"Ending call {call.pk}"):
                _end_if_over(call)
        doubtful = _doubts(calls, open_rooms)
        if doubtful:
            time.sleep(SECOND_LOOK_SECONDS)
            _repair(doubtful)


@contextmanager
def _patience(what: str) -> Iterator[None]:
    """What LiveKit or Twilio does not do now is tried again at the next run."""
    try:
        yield
    except (LiveKitUnreachable, TwilioRefused) as error:
        logger.warning("%s has to wait: %s", what, error)


def forget_gone_workers() -> None:
    """Drop workers unheard of for a day; each start of one makes a new row."""
    gone = WorkerHeartbeat.objects.filter(seen_at__lt=timezone.now() - REMEMBERED)
    gone.delete()


def close_forgotten_rooms(open_rooms: Mapping[str, int]) -> None:
    """Close rooms whose call has ended, when closing them failed at the time.

    In the room of a caller who was put through, caller and person may still talk.
    """
    ended = Call.objects.filter(
        room__in=open_rooms,
        state=State.ENDED,
        ended_at__lt=timezone.now() - SETTLED,
    )
    shared = [room for room, count in open_rooms.items() if count > 1]
    forgotten = ended.exclude(cause=Cause.TRANSFERRED, room__in=shared)
    for room in forgotten.values_list("room", flat=True):
        with _patience(f"Closing {room}"):
            rooms.close_room(room)


def _settled_calls() -> list[Call]:
    settled = Call.objects.open().filter(created_at__lt=timezone.now() - SETTLED)
    return list(settled.select_related("version", "worker"))


def _end_if_over(call: Call) -> None:
    """Hang up on a call that nobody came to, or that outlived its longest."""
    now = timezone.now()
    never_came = _caller_never_came(call, now)
    if never_came or _is_too_long(call, now):
        call.refresh_from_db(fields=["state", "transferred_to"])
        if call.state != State.ENDED:
            cause = Cause.ABANDONED if never_came else Cause.MAX_LENGTH
            hang_up(call, cause, source="reconciler")


def _doubts(calls: list[Call], open_rooms: Collection[str]) -> dict[UUID, Doubt]:
    """What seems wrong with open calls, and may be right a few seconds later.

    A LiveKit that was restarted has its rooms back once their callers are; after an
    outage of the database every worker's heartbeat is old.
    """
    now, doubts = timezone.now(), {}
    for call in calls:
        if call.state == State.ENDED:
            continue
        if call.room not in open_rooms:
            doubts[call.pk] = Doubt.GONE
        elif _is_left_alone(call, now):
            doubts[call.pk] = Doubt.ALONE
    return doubts


def _repair(doubted: dict[UUID, Doubt]) -> None:
    """End or rescue the calls with which the same is wrong at a second look."""
    calls = _settled_calls()
    doubts = _doubts(calls, rooms.open_rooms())
    for call in calls:
        doubt = doubts.get(call.pk)
        if doubt and doubt == doubted.get(call.pk):
            with _patience(f"Repairing call {call.pk}"):
                _act_on(call, doubt)


def _act_on(call: Call, doubt: Doubt) -> None:
    if doubt == Doubt.GONE:
        end_call(call, Cause.ROOM_CLOSED, source="reconciler")
    else:
        rescue(call, source="reconciler")


def _caller_never_came(call: Call, now: datetime) -> bool:
    """Also whoever is called: not every network says that a telephone rings."""
    waits = call.state in (State.CREATED, State.DISPATCHING)
    since = call.dial_claimed_at or call.created_at
    return waits and since < now - CALLER_COMES_WITHIN


def _is_too_long(call: Call, now: datetime) -> bool:
    """Whether it outlived its limit, with time for a goodbye on top."""
    longest = timedelta(seconds=call.limit_seconds + GOODBYE_SECONDS)
    return (call.answered_at or call.created_at) < now - longest


def _is_left_alone(call: Call, now: datetime) -> bool:
    """Whether no living worker carries it, and none was asked to lately."""
    if call.dispatched_at and call.dispatched_at > now - RESCUE_AFTER:
        return False
    return call.worker is None or call.worker.seen_at < now - RESCUE_AFTER
