"""Calls whose agent died are given another, into the same room.

A self-hosted LiveKit server neither queues a dispatch without a free worker nor
dispatches again after a worker died (livekit-server pkg/service/agentservice.go), so
this is ours: the parent sees a job process die at once, other workers see the
heartbeat of a dead host go stale, and anyone sees a dispatch that nobody took.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from livekit.agents.ipc.job_executor import JobExecutor

from livekit_worker.orm import beside_database
from livekit_worker.worker.heartbeat import Heartbeat, worker_name
from telephony_app.calls import opening
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.models import HEARTBEAT_FRESH, Call, CallEvent, State

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
UNTAKEN_AFTER = timedelta(seconds=4)
UNANSWERED_AFTER = timedelta(seconds=15)
# Who calls is there at once, who is called once the line is open; there the agent
# first listens, to a voicemail's greeting for up to 25 s.
CAME = Q(kind=CallEvent.Kind.CALLER_JOINED)
PICKED_UP = Q(kind=CallEvent.Kind.PICKED_UP)
UNGREETED_AFTER = timedelta(seconds=35)


def rescue_room(room: str) -> None:
    """Rescue the call of a room whose job process died."""
    held = Call.objects.open().filter(room=room, worker__name=worker_name())
    call = held.first()
    if call:
        opening.rescue(call, source="rescue")


def stranded() -> QuerySet[Call]:
    """Open calls whose worker is gone, whose dispatch nobody took, or whose caller is
    there and hears nothing."""
    now = timezone.now()
    waiting = (State.DISPATCHING, State.RINGING, State.IN_PROGRESS)
    unheard_of = Q(worker__seen_at__lt=now - HEARTBEAT_FRESH)
    worker_gone = unheard_of & ~Q(worker__name=worker_name())
    untaken = Q(worker__isnull=True, dispatched_at__lt=now - UNTAKEN_AFTER)
    waits_for_long = CallEvent.objects.filter(
        CAME & Q(at__lt=now - UNANSWERED_AFTER)
        | PICKED_UP & Q(at__lt=now - UNGREETED_AFTER),
        call=OuterRef("pk"),
    )
    unanswered = Q(
        Exists(waits_for_long),
        state=State.RINGING,
        answered_at__isnull=True,
        dispatched_at__lt=now - UNANSWERED_AFTER,
    )
    return Call.objects.filter(worker_gone | untaken | unanswered, state__in=waiting)


def rescue_stranded() -> None:
    """Rescue what other workers left behind."""
    for call in stranded():
        opening.rescue(call, source="rescue")


class Rescuer:
    """The rescue work of one worker."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._heartbeat = heartbeat
        self._tasks: set[asyncio.Task[None]] = set()

    def on_process_closed(self, process: JobExecutor) -> None:
        """A job process of ours ended: if it died, its caller still waits."""
        job = process.running_job
        if job and getattr(process, "exitcode", 0) != 0:
            task = asyncio.create_task(self._rescue_room(job.job.room.name))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """Look for stranded calls every second until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if self._heartbeat.is_steady:
                await self._try(rescue_stranded)

    async def _rescue_room(self, room: str) -> None:
        """Try until it is written down that the call needs an agent: this worker is
        alive, so nobody else would look for it."""
        while not await self._try(rescue_room, room):  # noqa: ASYNC110
            await asyncio.sleep(EVERY_SECONDS)

    async def _try(self, work: Callable[..., None], *args: str) -> bool:
        try:
            await beside_database(work, *args)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("a rescue has to wait: %s", type(error).__name__)
            return False
        except LiveKitUnreachable as error:
            logger.warning("a dispatch has to be repeated: %s", error.details)
        except Exception:  # one broken row must not end all rescues
            logger.exception("a rescue failed")
        return True
