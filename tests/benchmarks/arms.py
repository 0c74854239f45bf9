"""The two arms of every measurement, running: our worker and the raw starter."""

import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import certifi
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import override_settings

from accounts.models import Organization, User
from agents_app import speech
from agents_app.models import Agent
from config.env import Environment
from launch import livekit, phone, processes
from livekit_worker.worker.server import IDLE_PROCESSES
from telephony_app.calls import opening
from telephony_app.livekit import rooms
from telephony_app.models import WorkerHeartbeat
from tests.benchmarks import script, starter
from tests.benchmarks.caller import Caller
from tests.benchmarks.figures import WorkerProcesses, ready_milliseconds
from tests.journeys.phone.incoming import room_for
from tests.servers.server import Server

START_SECONDS = 60.0
SETTLE_SECONDS = 20.0


@dataclass(frozen=True)
class Arm:
    """A worker, how a room is opened whose agent it is, and how it looks at rest."""

    name: str
    server: Server
    open_room: Callable[[], str]
    idle_processes: int
    open_phone_room: Callable[[], str] | None = None

    @property
    def worker(self) -> WorkerProcesses:
        """Its processes."""
        return WorkerProcesses(self.server.pid)

    def ready_milliseconds(self) -> list[float]:
        """How long its job processes, but the first, took to be ready."""
        return ready_milliseconds(self.server.log)

    async def settle(self) -> None:
        """Wait until it has its idle processes, no others, and does nothing."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while not await self._is_at_rest():
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"The worker of '{self.name}' does not come to rest. "
                    f"It said:\n{self.server.tail}"
                )

    async def _is_at_rest(self) -> bool:
        jobs, before = set(self.worker.jobs()), self.worker.cpu()
        await asyncio.sleep(0.25)
        after = self.worker.cpu()
        spent = sum(after.get(pid, 0.0) - before.get(pid, 0.0) for pid in jobs)
        return len(jobs) == self.idle_processes and spent < 0.02

    @asynccontextmanager
    async def call(self, *, head_start: float = 0.0) -> AsyncIterator[Caller]:
        """Somebody calls: the agent is called into a room, which the caller enters
        `head_start` seconds later."""
        caller = Caller()
        caller.asked_at = time.monotonic()
        room = await sync_to_async(self.open_room)()
        await asyncio.sleep(head_start)
        try:
            token = rooms.caller_token(room, identity=f"caller-{uuid.uuid4().hex}")
            yield await caller.join(settings.LIVEKIT_URL, token)
        finally:
            await caller.leave()
            await sync_to_async(rooms.close_room)(room)


@contextmanager
def running() -> Iterator[tuple[Arm, Arm]]:
    """Both arms, ready for calls; everything they need is ended with them."""
    settings_of_all = Environment()
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    _configure_livekit(settings_of_all)
    with (
        _telephone(settings_of_all, env),
        _running(Server(processes.media(settings_of_all), env=env)),
        _running(Server(processes.model(settings_of_all), env=env)),
        our_arm(settings_of_all, env) as ours,
        starter_arm("starter", counts_calls=True) as raw,
    ):
        yield ours, raw


def _configure_livekit(environment: Environment) -> None:
    """As usual, but without reports to the web process, which does not run here."""
    config = livekit.config(environment)
    del config["webhook"]
    livekit.config_file(environment).write_text(json.dumps(config))


@contextmanager
def _telephone(environment: Environment, env: dict[str, str]) -> Iterator[None]:
    """Redis and the SIP bridge, where LiveKit has them; both wait for each other."""
    if not environment.phone:
        yield
        return
    phone.write_config(environment)
    with (
        _running(Server(processes.redis(environment), env=env)),
        _running(Server(processes.sip(environment), env=env)),
    ):
        yield


@contextmanager
def our_arm(environment: Environment, env: dict[str, str]) -> Iterator[Arm]:
    """Our worker, with a published agent."""
    process = processes.voice(port=environment.worker_port, places=starter.PLACES)
    agent, user = _make_agent(), User.objects.create_user("caller")
    with _running(Server(process, env=env | {"LOG_FORMAT": "json"})) as server:
        _wait_for(WorkerHeartbeat.objects.alive().exists, server)
        yield Arm(
            "ours",
            server,
            lambda: opening.open_web_call(agent, by=user).room,
            IDLE_PROCESSES,
            (lambda: room_for(agent).room) if environment.phone else None,
        )


@contextmanager
def starter_arm(name: str, *, counts_calls: bool) -> Iterator[Arm]:
    """A raw starter under this name; either way of counting load."""
    command = [sys.executable, "-m", "tests.benchmarks.starter", "start"]
    env = os.environ | {
        "LIVEKIT_URL": settings.LIVEKIT_URL,
        "SSL_CERT_FILE": str(_trusted_certificates()),
        starter.NAME: name,
        starter.MODEL_URL: settings.SANDBOX_MODEL_URL,
        starter.COUNTS_CALLS: "1" if counts_calls else "",
    }
    with _running(Server(processes.Process(name, command), env=env)) as server:
        _wait_for(lambda: "registered worker" in server.log, server)
        yield Arm(
            name,
            server,
            lambda: _open_room(name),
            starter.IDLE_PROCESSES,
            lambda: _open_room(name),
        )


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        yield server.start()
    finally:
        # Nothing of it is kept, and a polite end would wait for its calls.
        server.sweep()


def _wait_for(condition: Callable[[], bool], server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if not server.is_running or time.monotonic() > deadline:
            raise AssertionError(
                f"'{server.process.name}' did not get ready. It said:\n{server.tail}"
            )
        time.sleep(0.1)


def _make_agent() -> Agent:
    organization = Organization.objects.create(name="Benchmarks")
    agent = Agent.objects.create(
        organization=organization,
        name=script.AGENT,
        system_prompt=script.prompt(),
        greeting=script.GREETING,
        voice=script.VOICE,
        model=script.MODEL,
        silence_seconds=120,
    )
    agent.publish()
    speech.make_lines(agent.config)
    return agent


def _open_room(agent_name: str) -> str:
    """A room as ours, with another agent called into it."""
    call_id = uuid.uuid4()
    room = f"{agent_name}-{call_id.hex}"
    with override_settings(AGENT_NAME=agent_name):
        rooms.make_room(room, call_id)
    return room


def _trusted_certificates() -> Path:
    """The certificates that a starter trusts by default, and the sandbox's."""
    bundle = settings.STATE_DIR / "starter-certificates.pem"
    ours = (settings.SANDBOX_STATE_DIR / "ca.pem").read_bytes()
    bundle.write_bytes(Path(certifi.where()).read_bytes() + ours)
    return Path(bundle)
