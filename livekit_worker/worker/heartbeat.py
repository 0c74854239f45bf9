"""The worker's sign of life: one small row, written every second."""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from livekit.agents import AgentServer

from livekit_worker.orm import fresh
from telephony_app.models import HEARTBEAT_FRESH, WorkerHeartbeat

logger = logging.getLogger(__name__)

WORKER_NAME = "VOICE_WORKER_NAME"
EVERY_SECONDS = 1.0
MISSED_SECONDS = HEARTBEAT_FRESH.total_seconds()


def worker_name() -> str:
    """The name under which this process's worker keeps its heartbeat."""
    return os.environ.get(WORKER_NAME, "")


class Heartbeat:
    """Writes the row, and knows whether it has been written without a gap."""

    def __init__(self, name: str, server: AgentServer, *, places: int) -> None:
        self.name = name
        self._server = server
        self._places = places
        self._is_draining = False
        self._steady_since: float | None = None
        self._last_at = 0.0
        # Nothing else may keep it waiting: a late heartbeat is taken for a death.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="heartbeat")

    @property
    def is_steady(self) -> bool:
        """Whether this worker can judge others: after an outage of the database every
        heartbeat is old, and only those still old a while later belong to the dead."""
        now = time.monotonic()
        if self._steady_since is None or now - self._last_at > MISSED_SECONDS:
            return False
        return now - self._steady_since > 2 * MISSED_SECONDS

    async def beat(self) -> None:
        """Write the row now."""
        try:
            await self._in_thread(self._write)
        except (DatabaseError, InterfaceError) as error:
            self._steady_since = None
            logger.warning("no heartbeat could be written: %s", type(error).__name__)
        except Exception:  # a heartbeat that stops makes every call look stranded
            logger.exception("no heartbeat could be written")
        else:
            self._note(time.monotonic())

    def _note(self, now: float) -> None:
        """A beat was written; one that had to wait for long breaks the row of them."""
        if self._steady_since is None or now - self._last_at > MISSED_SECONDS:
            self._steady_since = now
        self._last_at = now

    async def run(self) -> None:
        """Write the row every second until cancelled."""
        while True:
            await self.beat()
            await asyncio.sleep(EVERY_SECONDS)

    async def drain(self) -> None:
        """Say at once that this worker takes no more calls."""
        self._is_draining = True
        await self.beat()

    async def stop(self) -> None:
        """Say that this worker carries no more calls, if there is a database to say it
        to: its heartbeat grows old by itself."""
        try:
            await self._in_thread(self._write_end)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("the end was not written: %s", type(error).__name__)
        self._thread.shutdown()

    async def _in_thread(self, work: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, fresh, work)

    def _write_end(self) -> None:
        row = WorkerHeartbeat.objects.filter(name=self.name)
        row.update(is_draining=True, live=0)

    def _write(self) -> None:
        WorkerHeartbeat.objects.update_or_create(
            name=self.name,
            defaults={
                "agent_name": settings.AGENT_NAME,
                "places": self._places,
                "live": len(self._server.active_jobs),
                "is_draining": self._is_draining,
                # The time when it is written, not when it began to wait for that.
                "seen_at": timezone.now,  # type: ignore[misc]
            },
        )
