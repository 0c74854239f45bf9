"""What a job process runs: set-up, one call, and the last writing.

The fork server imports this module by name, so Django is made ready before any model.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import suppress

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

from django.db import DatabaseError, InterfaceError  # noqa: E402
from livekit.agents import JobContext, JobProcess, JobRequest  # noqa: E402
from livekit.agents.ipc.log_queue import LogQueueHandler  # noqa: E402
from livekit.agents.ipc.proc_client import _dump_stack_traces  # noqa: E402

from livekit_worker import voice  # noqa: E402
from livekit_worker.conversation import Conversation  # noqa: E402
from livekit_worker.heartbeat import worker_name  # noqa: E402
from livekit_worker.orm import in_database  # noqa: E402
from livekit_worker.phone import CALL_ID, SIP  # noqa: E402
from livekit_worker.plan import (  # noqa: E402
    CallPlan,
    UnknownCall,
    emergency_line,
    find_call,
    load_call,
)
from livekit_worker.turn_writer import TurnWriter  # noqa: E402
from telephony_app import calls, rooms  # noqa: E402
from telephony_app.models import Call  # noqa: E402

logger = logging.getLogger("livekit_worker")

WRITER = "turn_writer"
FLUSH_SECONDS = 240.0
APOLOGY_SECONDS = 30.0
APPEAR_SECONDS = 3.0


def setup(process: JobProcess) -> None:
    """Make a job process safe: signals to the group must not cut a live call.

    Under a fork server the framework's own guard ran in the wrong process
    (livekit/agents issue 7336).
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, _dump_stack_traces)
    _log_through_parent()
    if "livekit_worker.preload" not in sys.modules:
        logger.error(
            "Django was not loaded before the fork: every call starts seconds late. "
            "Start the worker by manage.py, or set PYTHONPATH to the project and its "
            "platform folder."
        )


def _log_through_parent() -> None:
    """Leave only the framework's log handler, which sends to the worker: Django's own,
    inherited by the fork, would print every line a second time."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if not isinstance(handler, LogQueueHandler):
            root.removeHandler(handler)


async def accept(request: JobRequest) -> None:
    """Take the job, unless its call is over or another job holds it.

    The call is claimed here, in the worker itself, so that a job process that is slow
    to start is not taken for none. Without a database the job is taken: it apologizes.
    """
    metadata, room = request.job.metadata, request.room.name
    try:
        is_ours = await in_database(claim_call, metadata, room)
    except (DatabaseError, InterfaceError) as error:
        logger.error("a job is taken unseen: %s", type(error).__name__)
        is_ours = True
    if not is_ours:
        await request.reject()
        return
    try:
        await request.accept(name="agent")
    except Exception:  # whatever it was, nobody else takes a call that is claimed
        await in_database(release_call, metadata, room)
        raise


def claim_call(metadata: str, room: str) -> bool:
    """Whether this worker may carry the call; of one that is unknown, any may."""
    call = find_call(metadata, room)
    return call is None or calls.claim(call, worker=worker_name())


def release_call(metadata: str, room: str) -> None:
    """Give back what this worker claimed and cannot carry."""
    call = find_call(metadata, room)
    if call:
        calls.release(call.pk, worker=worker_name())


async def entrypoint(ctx: JobContext) -> None:
    """Hold the call that this job was dispatched for, or leave it to another."""
    try:
        await _hold(ctx)
    except Exception:  # whatever broke, the caller is there and needs another job
        await in_database(release_call, ctx.job.metadata, ctx.job.room.name)
        raise


async def _hold(ctx: JobContext) -> None:
    connecting = asyncio.create_task(ctx.connect())
    try:
        plan = await _load(ctx, connecting)
    except (UnknownCall, DatabaseError, InterfaceError) as problem:
        logger.error("no call could be loaded: %s", type(problem).__name__)
        await connecting
        await _apologize(ctx)
        return
    ctx.log_context_fields = {
        "call_id": str(plan.call.pk),
        "agent_id": plan.call.agent_id,
    }
    writer = ctx.proc.userdata[WRITER] = TurnWriter(plan.call.pk)
    conversation = Conversation(ctx, plan, writer)
    await connecting
    await conversation.run()


async def _load(ctx: JobContext, connecting: asyncio.Task[None]) -> CallPlan:
    """The plan of the call in this room; where the room is of none, of the call that
    the telephone in it names. Raises `UnknownCall`."""
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
    if call is None or not calls.claim(call, worker=worker_name()):
        raise UnknownCall(f"No known call waits in the room {room}.")
    Call.objects.filter(pk=call.pk).update(room=room)


async def _apologize(ctx: JobContext) -> None:
    """Nothing is known of the call, but somebody may be there: say so and hang up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(APOLOGY_SECONDS):
            await ctx.wait_for_participant()
            await voice.play_alone(ctx.room, emergency_line())
    await asyncio.to_thread(rooms.close_room, ctx.room.name)
    ctx.shutdown("no call")


async def write_the_rest(ctx: JobContext) -> None:
    """Stay until everything said is stored, a database outage included."""
    writer: TurnWriter | None = ctx.proc.userdata.get(WRITER)
    if writer and not await writer.flush(seconds=FLUSH_SECONDS):
        logger.error("the end of call %s could not be stored", writer.call_id)
