"""Opening, ending and re-dispatching calls: what happens around a room."""

import logging
import time
import uuid

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from agents_app.models import Agent
from telephony_app.calls.lifecycle import record
from telephony_app.calls.places import take_place
from telephony_app.livekit import rooms
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.models import (
    Call,
    CallEvent,
    CallQuerySet,
    Cause,
    WorkerHeartbeat,
)
from telephony_app.twilio import live_calls

logger = logging.getLogger(__name__)

Kind = CallEvent.Kind
MAX_DISPATCHES = 4
TAKEN_SECONDS = 2.0
LOOK_SECONDS = 0.01


class CallRefused(Exception):
    """No call could be opened. `cause` says why, `words` is what the caller is told."""

    def __init__(self, cause: Cause, words: str, *, call: Call | None = None) -> None:
        super().__init__(words)
        self.cause = cause
        self.words = words
        self.call = call


def open_web_call(agent: Agent, *, by: User) -> Call:
    """Open a call from a browser: row, place, room, and a worker that took it.

    Raises `CallRefused` after writing the row that says why.
    """
    call = take_place(_web_call(agent, by=by), source="web")
    open_room(call, source="web")
    _await_worker(call)
    return call


def open_room(call: Call, *, source: str) -> None:
    """Make the room of a call that has a place, and call the agent into it.

    Raises `CallRefused` for a call without one, or when LiveKit cannot be reached; its
    row says so.
    """
    if call.cause:
        raise CallRefused(Cause(call.cause), _refusal(call), call=call)
    try:
        rooms.make_room(call.room, call.pk)
    except LiveKitUnreachable as error:
        end_call(call, Cause.LIVEKIT_UNREACHABLE, source=source, detail=str(error))
        raise CallRefused(
            Cause.LIVEKIT_UNREACHABLE, _refusal(call), call=call
        ) from error
    room_is_made(call, source=source)


def room_is_made(call: Call, *, source: str) -> None:
    """Count the agent's first dispatch, which went out with the room."""
    Call.objects.filter(pk=call.pk).update(dispatches=1, dispatched_at=timezone.now())
    record(call, Kind.ROOM_MADE, source=source, key="room_made")


def _await_worker(call: Call) -> None:
    """Wait until a worker has taken the call, for two seconds at most.

    A phone rings until somebody picks up: who enters sooner waits in silence, and hears
    the first word no sooner, for the agent gets ready while the caller connects.
    """
    deadline = time.monotonic() + TAKEN_SECONDS
    taken = Call.objects.filter(pk=call.pk, worker__isnull=False)
    while not taken.exists() and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)


def _web_call(agent: Agent, *, by: User) -> Call:
    call_id = uuid.uuid4()
    return Call(
        id=call_id,
        organization=agent.organization,
        agent=agent,
        version=agent.published_version,
        direction=Call.Direction.WEB,
        started_by=by,
        room=rooms.room_name(agent.pk, "web", secret_of=str(call_id)),
    )


def inactive(agent: Agent | None) -> str:
    """What a person is told who asked for a call with an agent that takes none."""
    return (
        f"{agent} is switched off or was never published. "
        "Switch it on and save it, then call again."
    )


def _refusal(call: Call) -> str:
    """What a person who asked for the call is told, and what to do about it."""
    match call.cause:
        case Cause.AGENT_INACTIVE:
            return inactive(call.agent)
        case Cause.NO_PLACE:
            return (
                "All lines are busy right now. Try again in a moment, "
                "or start another voice worker."
            )
        case _:
            return "The call could not be connected. " + call.error


def claim(call: Call, *, worker: str) -> bool:
    """Take a call for a worker that has a place for it; of two jobs in one room only
    one may speak."""
    ready = WorkerHeartbeat.objects.with_place().filter(name=worker).values("pk")
    unclaimed = Call.objects.open().filter(pk=call.pk, worker__isnull=True)
    waiting = unclaimed.filter(models.Exists(ready))
    return bool(waiting.update(worker=models.Subquery(ready)))


def release(call_id: uuid.UUID, *, worker: str) -> None:
    """Give a call back that a worker claimed and cannot carry: others will take it."""
    held = Call.objects.open().filter(pk=call_id, worker__name=worker)
    held.update(worker=None)


def end_call(call: Call, cause: Cause, *, source: str, detail: str = "") -> None:
    """Record that the call is over and why. Hanging up is `hang_up`."""
    record(
        call,
        Kind.ENDED,
        source=source,
        key=f"ended:{source}:{cause}",
        cause=cause,
        detail=detail,
    )


def hang_up(call: Call, cause: Cause, *, source: str, detail: str = "") -> None:
    """End the call and close its room, so that every line in it drops.

    A caller who is being put through is in no room: Twilio has the line, and is asked
    first, for a call that Twilio does not end goes on. Raises `TwilioRefused` then, and
    `LiveKitUnreachable` when the call has ended and the room is still open.
    """
    if call.call_sid and call.is_being_transferred:
        live_calls.hang_up(call)
    end_call(call, cause, source=source, detail=detail)
    rooms.close_room(call.room)


def rescue(call: Call, *, source: str) -> None:
    """Dispatch a stranded call again, or end it when that was tried often enough.

    Of several rescuers only the first one acts, and none does once a worker claimed
    the call. The third dispatch of a conversation only apologizes; the fourth is for
    that one's death. Raises `LiveKitUnreachable`.
    """
    if call.dispatches >= MAX_DISPATCHES:
        _give_up(call, source=source)
    else:
        _redispatch(call)


def _as_read(call: Call) -> CallQuerySet:
    """The call's row, unless it ended, was rescued or was claimed since it was read."""
    return Call.objects.open().filter(
        pk=call.pk, dispatches=call.dispatches, worker=call.worker_id
    )


def _redispatch(call: Call) -> None:
    """Call another job into the call's room. Only a dispatch that went out counts."""
    seen, now = call.dispatches, timezone.now()
    if not _as_read(call).update(dispatches=seen + 1, dispatched_at=now, worker=None):
        return
    try:
        rooms.dispatch_again(call.room, call.pk)
    except LiveKitUnreachable:
        Call.objects.filter(pk=call.pk, dispatches=seen + 1).update(dispatches=seen)
        raise
    logger.warning("call %s was dispatched again", call.pk)
    record(call, Kind.REDISPATCHED, source="rescue", key=f"redispatched:{seen}")


def _give_up(call: Call, *, source: str) -> None:
    cause = Cause.WORKER_LOST if call.answered_at else Cause.NOT_ANSWERED
    detail = "No worker could carry it."
    with transaction.atomic():
        is_ours = _as_read(call).update(worker=None)
        if is_ours:
            end_call(call, cause, source=source, detail=detail)
    if is_ours:
        rooms.close_room(call.room)
