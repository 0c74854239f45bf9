"""Repairs what nobody reported: calls compared with the rooms there really are.

Webhooks get lost and processes die between two writes, so nothing here trusts that an
earlier step happened, and a second run changes nothing.
"""

import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.utils import timezone
from pydantic import ValidationError

from telephony_app import rooms
from telephony_app.calls import end_call, hang_up, rescue
from telephony_app.models import Call, Cause, State, WorkerHeartbeat

logger = logging.getLogger(__name__)

# A call younger than this may have its room made this very moment.
SETTLED = timedelta(seconds=20)
SECOND_LOOK_SECONDS = 8
CALLER_COMES_WITHIN = timedelta(seconds=60)
# Workers rescue one another's calls within seconds; then comes this.
RESCUE_AFTER = timedelta(seconds=15)
GOODBYE_SECONDS = 120
LONGEST_CALL_SECONDS = 7200
REMEMBERED = timedelta(days=1)


def reconcile() -> None:
    """Bring every call in line with LiveKit; without an answer, leave all as it is."""
    forget_gone_workers()
    with _patience("Reconciling calls"):
        open_rooms = rooms.open_rooms()
        close_forgotten_rooms(open_rooms)
        calls = _settled_calls()
        gone = _without_room(calls, open_rooms)
        for call in calls:
            with _patience(f"Repairing call {call.pk}"):
                _repair(call, is_gone=call in gone)


@contextmanager
def _patience(what: str) -> Iterator[None]:
    """What LiveKit does not do now is tried again at the next run."""
    try:
        yield
    except rooms.LiveKitUnreachable as error:
        logger.warning("%s has to wait: %s", what, error)


def _without_room(calls: list[Call], open_rooms: Collection[str]) -> list[Call]:
    """The calls whose room is gone, looked at twice.

    A LiveKit that was restarted has its rooms back once their callers are.
    """
    gone = [call for call in calls if call.room not in open_rooms]
    if gone:
        time.sleep(SECOND_LOOK_SECONDS)
        open_rooms = rooms.open_rooms()
    return [call for call in gone if call.room not in open_rooms]


def forget_gone_workers() -> None:
    """Drop workers unheard of for a day; each start of one makes a new row."""
    gone = WorkerHeartbeat.objects.filter(seen_at__lt=timezone.now() - REMEMBERED)
    gone.delete()


def close_forgotten_rooms(open_rooms: Collection[str]) -> None:
    """Close rooms whose call has ended, when closing them failed at the time."""
    ended = Call.objects.filter(
        room__in=open_rooms,
        state=State.ENDED,
        ended_at__lt=timezone.now() - SETTLED,
    )
    for room in ended.values_list("room", flat=True):
        rooms.close_room(room)


def _settled_calls() -> list[Call]:
    settled = Call.objects.open().filter(created_at__lt=timezone.now() - SETTLED)
    return list(settled.select_related("version", "worker"))


def _repair(call: Call, *, is_gone: bool) -> None:
    call.refresh_from_db(fields=["state", "answered_at", "dispatched_at", "dispatches"])
    now = timezone.now()
    if call.state == State.ENDED:
        return
    if is_gone:
        end_call(call, Cause.ROOM_CLOSED, source="reconciler")
    elif _caller_never_came(call, now):
        hang_up(call, Cause.ABANDONED, source="reconciler")
    elif _is_too_long(call, now):
        hang_up(call, Cause.MAX_LENGTH, source="reconciler")
    elif _is_left_alone(call, now):
        _rescue(call)


def _caller_never_came(call: Call, now: datetime) -> bool:
    waits = call.state in (State.CREATED, State.DISPATCHING)
    return waits and call.created_at < now - CALLER_COMES_WITHIN


def _is_too_long(call: Call, now: datetime) -> bool:
    """Whether it outlived its limit, with time for a goodbye on top."""
    longest = timedelta(seconds=_limit_seconds(call) + GOODBYE_SECONDS)
    return (call.answered_at or call.created_at) < now - longest


def _limit_seconds(call: Call) -> int:
    """The agent's own limit; of a version that is gone or unreadable, any agent's."""
    with suppress(ValidationError):
        if call.version:
            return call.version.config.max_call_seconds
    return LONGEST_CALL_SECONDS


def _is_left_alone(call: Call, now: datetime) -> bool:
    """Whether no living worker carries it, and none was asked to lately."""
    if call.dispatched_at and call.dispatched_at > now - RESCUE_AFTER:
        return False
    return call.worker is None or call.worker.seen_at < now - RESCUE_AFTER


def _rescue(call: Call) -> None:
    """Rescue a call that nobody carries, looked at twice.

    After an outage of the database every heartbeat is old for a moment.
    """
    time.sleep(SECOND_LOOK_SECONDS)
    call = (
        Call.objects.open().select_related("worker").filter(pk=call.pk).first() or call
    )
    if call.state != State.ENDED and _is_left_alone(call, timezone.now()):
        rescue(call, source="reconciler")
