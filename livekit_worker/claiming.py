"""Which call a job is for, and whether this worker may carry it."""

import asyncio
import json
from contextlib import suppress

from livekit.agents import JobContext

from livekit_worker.orm import in_database
from livekit_worker.phone.telephone import SIP
from livekit_worker.plan import CallPlan, UnknownCall, find_call, load_call
from livekit_worker.worker.heartbeat import worker_name
from telephony_app.calls import opening
from telephony_app.livekit.rooms import CALL_ID
from telephony_app.models import Call

APPEAR_SECONDS = 3.0


def claim_call(metadata: str, room: str, *, is_full: bool) -> bool:
    """Whether this worker may carry the call.

    One that is unknown it may unless it `is_full`: the telephone in the room may name
    the call yet, but who knows the bridge's login can make any number of such rooms.
    """
    call = find_call(metadata, room)
    if call is None:
        return not is_full
    return opening.claim(call, worker=worker_name())


def release_call(metadata: str, room: str) -> None:
    """Give back what this worker claimed and cannot carry."""
    call = find_call(metadata, room)
    if call:
        opening.release(call.pk, worker=worker_name())


async def load_plan(ctx: JobContext, connecting: asyncio.Task[None]) -> CallPlan:
    """The plan of the call in this room; where the room is of none, of the call that
    the telephone in it names.

    So it is when the SIP bridge made the room and called the agent by its rule. Raises
    `UnknownCall`.
    """
    metadata, room = ctx.job.metadata, ctx.job.room.name
    try:
        return await in_database(load_call, metadata, room)
    except UnknownCall:
        await connecting
        await in_database(adopt_call, await _named_call(ctx), room)
        return await in_database(load_call, "", room)


async def _named_call(ctx: JobContext) -> str:
    """The call's id, as the telephone in the room brought it along; empty for none."""
    with suppress(TimeoutError):
        async with asyncio.timeout(APPEAR_SECONDS):
            line = await ctx.wait_for_participant(kind=[SIP])
            return line.attributes.get(CALL_ID, "")
    return ""


def adopt_call(call_id: str, room: str) -> None:
    """Carry a call in another room than was made for it: the one where its caller is.

    Raises `UnknownCall` when nobody waits for an agent under this id.
    """
    call = find_call(json.dumps({"call_id": call_id}), room)
    if call is None or not opening.claim(call, worker=worker_name()):
        raise UnknownCall(f"No known call waits in the room {room}.")
    Call.objects.filter(pk=call.pk).update(room=room)
