"""What a job process runs: set-up, one call, and the last writing.

The fork server imports this module by name, so Django is made ready before any model.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
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

from livekit_worker.claiming import claim_call, load_plan, release_call  # noqa: E402
from livekit_worker.conversation import Conversation  # noqa: E402
from livekit_worker.orm import beside_database, in_database  # noqa: E402
from livekit_worker.plan import CallPlan, UnknownCall, emergency_line  # noqa: E402
from livekit_worker.recording.keeping import file_of, keep  # noqa: E402
from livekit_worker.recording.recorder import Recorder  # noqa: E402
from livekit_worker.speech import audio as voice  # noqa: E402
from livekit_worker.turn_writer import TurnWriter  # noqa: E402
from telephony_app.livekit import rooms  # noqa: E402

logger = logging.getLogger("livekit_worker")

WRITER, RECORDER = "turn_writer", "recorder"
FLUSH_SECONDS = 240.0
APOLOGY_SECONDS = 30.0
GIVE_BACK_SECONDS = 5.0
RETRY_SECONDS = 0.5


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


async def accept(request: JobRequest, *, is_full: Callable[[], bool]) -> None:
    """Take the job, unless its call is over, another job holds it, or there is no place
    for it; LiveKit then asks other workers.

    The call is claimed here, in the worker itself, so that a job process that is slow
    to start is not taken for none. Without a database the job is taken: it apologizes.
    """
    metadata, room = request.job.metadata, request.room.name
    try:
        is_ours = await in_database(claim_call, metadata, room, is_full=is_full())
    except (DatabaseError, InterfaceError) as error:
        logger.error("a job comes unseen: %s", type(error).__name__)
        is_ours = not is_full()
    if not is_ours:
        await request.reject(terminate=False)
        return
    try:
        await request.accept(name="agent")
    except Exception:  # whatever it was, nobody else takes a call that is claimed
        await in_database(release_call, metadata, room)
        raise


async def entrypoint(ctx: JobContext) -> None:
    """Hold the call that this job was dispatched for, or leave it to another."""
    try:
        await _hold(ctx)
    except (Exception, asyncio.CancelledError):  # the caller is there all the same
        await _give_back(ctx)
        raise


async def _give_back(ctx: JobContext) -> None:
    """Let another job have the call. A process that cannot write that down dies: its
    worker sees it, and has the call rescued for as long as that takes."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GIVE_BACK_SECONDS):
            # No event tells that a database is back.
            while not await _is_given_back(ctx):  # noqa: ASYNC110
                await asyncio.sleep(RETRY_SECONDS)
            return
    logger.error("a call could not be given back: this process leaves without a word")
    os._exit(1)


async def _is_given_back(ctx: JobContext) -> bool:
    try:
        await in_database(release_call, ctx.job.metadata, ctx.job.room.name)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("the database is away: %s", type(error).__name__)
        return False
    return True


async def _hold(ctx: JobContext) -> None:
    connecting = asyncio.create_task(ctx.connect())
    try:
        plan = await load_plan(ctx, connecting)
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
    recorder = ctx.proc.userdata[RECORDER] = _recorder(ctx, plan)
    conversation = Conversation(ctx, plan, writer, recorder)
    conversation.prepare()
    await connecting
    await conversation.run()


def _recorder(ctx: JobContext, plan: CallPlan) -> Recorder | None:
    if not plan.is_recorded_here:
        return None
    return Recorder(file_of(plan.call.pk, ctx.job.id))


async def _apologize(ctx: JobContext) -> None:
    """Nothing is known of the call, but somebody may be there: say so and hang up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(APOLOGY_SECONDS):
            await ctx.wait_for_participant()
            await voice.play_alone(ctx.room, emergency_line())
    await asyncio.to_thread(rooms.close_room, ctx.room.name)
    ctx.shutdown("no call")


async def write_the_rest(ctx: JobContext) -> None:
    """Stay until everything said is stored, a database outage included, and the
    recording too; what fails now the worker tries again."""
    writer: TurnWriter | None = ctx.proc.userdata.get(WRITER)
    if writer and not await writer.flush(seconds=FLUSH_SECONDS):
        logger.error("the end of call %s could not be stored", writer.call_id)
    recorder: Recorder | None = ctx.proc.userdata.get(RECORDER)
    if recorder and recorder.path.exists():
        await beside_database(keep, recorder.path)
