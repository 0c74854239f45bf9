"""The worker's life: start, take calls, drain on SIGTERM, leave with 0."""

import asyncio
import contextlib
import logging
import os
import signal
from urllib.parse import urlsplit

from django.conf import settings

from livekit_worker.recording.keeping import look_after_recordings
from livekit_worker.worker.health import Health
from livekit_worker.worker.heartbeat import WORKER_NAME, Heartbeat
from livekit_worker.worker.rescue import Rescuer
from livekit_worker.worker.server import make_server, new_worker_name

logger = logging.getLogger("livekit_worker")

REACH_SECONDS = 15.0


class CannotStart(Exception):
    """The worker cannot do its work; the text names what to mend."""


class Worker:
    """A voice worker: the agents server and what runs beside it."""

    def __init__(self, *, places: int) -> None:
        self.name = os.environ[WORKER_NAME] = new_worker_name()
        self._server = make_server(places=places)
        self._heartbeat = Heartbeat(self.name, self._server, places=places)
        self._rescuer = Rescuer(self._heartbeat)
        self._health = Health(self._server)
        self._beside: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()
        self._problem: CannotStart | None = None
        self._server.on("worker_started", self._on_started)
        self._server.on("worker_registered", self._on_registered)

    async def run(self, *, host: str, port: int) -> None:
        """Run until SIGTERM or SIGINT, then drain; a second signal leaves at once.

        Raises `CannotStart` when LiveKit, the port or a job process is not to be had.
        """
        await reach_livekit()
        await self._open_health(host, port)
        self._listen_to_signals()
        try:
            await self._serve()
        finally:
            for task in self._beside:
                task.cancel()
            await self._heartbeat.stop()
            await self._health.stop()
        if self._problem:
            raise self._problem

    async def _serve(self) -> None:
        running = asyncio.create_task(self._server.run())
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if self._stop.is_set() and not self._problem:
            await self._heartbeat.drain()
            with contextlib.suppress(TimeoutError):
                await self._server.drain()
        await self._server.aclose()
        await running

    def _on_started(self) -> None:
        """The job processes are warm now, or will never be."""
        pool = self._server._proc_pool
        if not pool.processes:
            self._problem = CannotStart(
                "No job process could start: the lines above say why. "
                "Most often livekit_worker.preload cannot be imported."
            )
            self._stop.set()
        pool.on("process_closed", self._rescuer.on_process_closed)

    def _on_registered(self, *_: object) -> None:
        """LiveKit knows us: from now on calls may come. Later ones are reconnects."""
        if not self._beside:
            self._beside.append(asyncio.create_task(self._heartbeat.run()))
            self._beside.append(asyncio.create_task(self._rescuer.run()))
            self._beside.append(asyncio.create_task(look_after_recordings()))

    async def _open_health(self, host: str, port: int) -> None:
        try:
            await self._health.start(host=host, port=port)
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {host} is taken. Give another one with --port."
            ) from error

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        if self._stop.is_set():
            os._exit(1)
        logger.info("no new calls; leaving when the last one has ended")
        self._stop.set()


async def reach_livekit() -> None:
    """Wait until LiveKit listens; the server library alone would try for minutes.

    Raises `CannotStart` after 15 seconds.
    """
    url = urlsplit(settings.LIVEKIT_URL)
    port = url.port or (443 if url.scheme in ("wss", "https") else 80)
    try:
        async with asyncio.timeout(REACH_SECONDS):
            # No event tells that another process has started.
            while not await _listens(url.hostname or "", port):  # noqa: ASYNC110
                await asyncio.sleep(0.5)
    except TimeoutError as error:
        raise CannotStart(
            f"LiveKit does not answer at {settings.LIVEKIT_URL}. "
            "Check LIVEKIT_URL, and that the server runs."
        ) from error


async def _listens(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
