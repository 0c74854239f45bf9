"""Everything of one machine, running: what journeys walk through."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import requests
from django.test import Client

from accounts.models import Organization, User
from agents_app import speech
from agents_app.models import Agent
from config.env import BASE_DIR, Environment
from launch import processes
from telephony_app.calls.places import free_places
from telephony_app.models import WorkerHeartbeat
from tests.servers.ports import free_port
from tests.servers.server import Server


@dataclass
class Stack:
    """The running processes, and what a journey needs to walk through them."""

    env: dict[str, str]
    settings: Environment
    livekit: Server
    model: Server
    web: Server
    tasks: Server
    redis: Server | None = None
    sip: Server | None = None
    workers: list[Server] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address that people open."""
        return self.settings.public_base_url

    def start_worker(self, *, places: int = 10, **env: str) -> Server:
        """One more voice worker, ready for calls, with these environment variables."""
        port, names = free_port(), set(self._names())
        process = processes.voice(port=port, places=places)
        process = replace(process, name=f"voice-{port}")
        worker = Server(process, env=self.env | env)
        self.workers.append(worker.start())
        self.wait_for(lambda: set(self._names()) - names, "the worker's heartbeat")
        return worker

    def worker(self) -> Server:
        """A voice worker that is ready for calls, whichever; made when none runs."""
        running = [worker for worker in self.workers if worker.is_running]
        worker = running[0] if running else self.start_worker()
        self.wait_for(free_places, "a free place")
        return worker

    def stop_workers(self) -> None:
        """Leave nobody to take a call."""
        while self.workers:
            self.workers.pop().sweep()
        WorkerHeartbeat.objects.all().delete()

    def _names(self) -> Iterator[str]:
        return WorkerHeartbeat.objects.alive().values_list("name", flat=True).iterator()

    def make_agent(self, **config: Any) -> Agent:
        """A published agent with ready-made audio, in an organization of its own."""
        number = Organization.objects.count()
        organization = Organization.objects.create(name=f"Journey {number}")
        values = {"name": f"Ava {number}"} | config
        agent = Agent.objects.create(organization=organization, **values)
        agent.publish()
        speech.make_lines(agent.config)
        return agent

    def signed_in(self, user: User | None = None) -> requests.Session:
        """A client with the user's session and CSRF token; by default the admin's."""
        browser, session = Client(), requests.Session()
        browser.force_login(user or User.objects.get(username="admin"))
        session.cookies.set("sessionid", browser.cookies["sessionid"].value)
        # A cookie and a header that agree are all that Django's check wants.
        session.cookies["csrftoken"] = session.headers["X-CSRFToken"] = "c" * 32
        return session

    def wait_for(
        self, condition: Callable[[], Any], what: str, *, seconds: float = 20
    ) -> Any:
        """What the condition gave once it was true; fails with the logs."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, (
                f"Waited {seconds} s in vain for {what}.\n{self.logs}"
            )
            time.sleep(0.05)
        return found

    @property
    def servers(self) -> list[Server]:
        """Every process that was started."""
        always = [self.livekit, self.model, self.web, self.tasks]
        telephone = [server for server in (self.redis, self.sip) if server]
        return [*telephone, *always, *self.workers]

    @property
    def logs(self) -> str:
        """The end of every log."""
        parts = [f"--- {s.process.name} ---\n{s.tail}" for s in self.servers]
        return "\n".join(parts)


def prepare(env: dict[str, str]) -> None:
    """Tables, static files, admin and demo agent, as `./start.sh` makes them."""
    command = [sys.executable, "-m", "launch.prepare"]
    done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
