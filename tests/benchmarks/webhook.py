"""How many incoming calls a web process answers in a second.

Against the same done by hand: Starlette on uvicorn, SQL in psycopg, no framework's
layers; both check the signature, count places and rates, write the call and its events,
make the room in LiveKit, and answer in TwiML. Both have one process and one PostgreSQL.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from twilio.request_validator import RequestValidator

from config.env import BASE_DIR, Environment
from launch.process import Process
from launch.processes import web
from tests.benchmarks.arms import Arm
from tests.benchmarks.figures import cpu_seconds
from tests.benchmarks.postgres import postgres
from tests.benchmarks.row import Goal, Row, Sample, median
from tests.benchmarks.webhook_load import PATH
from tests.benchmarks.webhook_rows import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.servers.ports import free_port
from tests.servers.server import Server

REQUESTS, CONNECTIONS = 200, 4
# Rounds until every connection is open and the caches on both sides are filled.
WARMING_UP = 4
GOAL = Goal("at least 0.60 of it", lambda a, b: median(a) >= 0.60 * median(b))
PUT_THROUGH = "put through to a room of its own"
OUTCOMES = {"refused, for all lines are busy": 0, PUT_THROUGH: 1_000_000}
_count = itertools.count()


@dataclass(frozen=True)
class Side:
    """A web server with what it needed per request so far."""

    server: Server
    port: int
    rates: Sample
    costs: Sample

    async def answer(self, requests: Path) -> None:
        """Let it answer them all; raises AssertionError when one was no success."""
        before = self._cpu()
        load = [str(self.port), str(requests), str(CONNECTIONS)]
        told = json.loads(await _python("tests.benchmarks.webhook_load", *load))
        assert told["statuses"] == {"200": REQUESTS}, (told, self.server.tail)
        self.rates.append(REQUESTS / told["seconds"])
        self.costs.append((self._cpu() - before) / REQUESTS * 1e6)

    def forget(self) -> None:
        """Measure anew."""
        self.rates.clear()
        self.costs.clear()

    def _cpu(self) -> float:
        """Processor seconds of the server's processes."""
        children = psutil.Process(self.server.pid).children(recursive=True)
        return sum(map(cpu_seconds, [self.server.pid, *(c.pid for c in children)]))


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """Both in turn; the voice workers have no part in it."""
    with ExitStack() as stack:
        url = await sync_to_async(stack.enter_context)(postgres())
        env = _environment(url)
        await sync_to_async(_prepare)(env)
        sides = [stack.enter_context(side) for side in (_ours(env), _peer(env))]
        rows: list[Row] = []
        for outcome, places in OUTCOMES.items():
            await _measure(sides, url, places, rounds)
            rows += _rows(outcome, *sides)
        return rows


async def _measure(sides: list[Side], url: str, places: int, rounds: int) -> None:
    order = list(sides)
    for number in range(WARMING_UP + rounds):
        if number == WARMING_UP:
            for side in sides:
                side.forget()
        for side in order:
            _reset(url, places)
            with _requests() as file:
                await side.answer(file)
        order.reverse()


def _rows(outcome: str, ours: Side, peer: Side) -> list[Row]:
    goal = GOAL if outcome == PUT_THROUGH else None
    name = f"Incoming call {outcome}: webhook; peer: Starlette and psycopg by hand"
    cost = f"The same; processor time of a request, {outcome.partition(',')[0]}"
    return [
        Row(name, "1/s", list(ours.rates), list(peer.rates), goal),
        Row(cost, "µs", list(ours.costs), list(peer.costs)),
    ]


def _environment(database_url: str) -> dict[str, str]:
    port = str(Environment().web_port)
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url,
        "AGENT_NAME": "nobody",
        "LOG_LEVEL": "WARNING",
        "LIVEKIT_URL": settings.LIVEKIT_URL,
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
    }


def _prepare(env: dict[str, str]) -> None:
    migrate = [sys.executable, str(BASE_DIR / "manage.py"), "migrate", "-v", "0"]
    rows = [sys.executable, "-m", "tests.benchmarks.webhook_rows"]
    for command in (migrate, rows):
        done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()


@contextmanager
def _ours(env: dict[str, str]) -> Iterator[Side]:
    environment = Environment()
    with _running(web(environment), env) as server:
        yield Side(server, environment.web_port, [], [])


@contextmanager
def _peer(env: dict[str, str]) -> Iterator[Side]:
    port = free_port()
    uvicorn = [sys.executable, "-m", "uvicorn", "tests.benchmarks.webhook_peer:app"]
    quiet = ["--log-level", "warning", "--no-access-log"]
    health = f"http://127.0.0.1:{port}/healthz"
    command = [*uvicorn, "--port", str(port), *quiet]
    process = Process("peer", command, (port,), "PEER_PORT", health)
    with _running(process, env) as server:
        yield Side(server, port, [], [])


@contextmanager
def _running(process: Process, env: dict[str, str]) -> Iterator[Server]:
    server = Server(process, env=env)
    try:
        yield server.start()
    finally:
        server.sweep()


def _reset(url: str, places: int) -> None:
    """Nobody is on the telephone, and the worker has so many places."""
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM telephony_app_callevent")
        connection.execute("DELETE FROM telephony_app_call")
        heartbeat = "UPDATE telephony_app_workerheartbeat SET places = %s"
        connection.execute(heartbeat, [places])


@contextmanager
def _requests() -> Iterator[Path]:
    """A file of calls, each of another caller, signed as Twilio does."""
    url = f"http://127.0.0.1:{Environment().web_port}{PATH}"
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for form in (_form(next(_count)) for _ in range(REQUESTS)):
            signature = RequestValidator(AUTH_TOKEN).compute_signature(url, form)
            line = {"body": urlencode(form), "signature": signature}
            file.write(json.dumps(line) + "\n")
        file.flush()
        yield Path(file.name)


def _form(number: int) -> dict[str, str]:
    about = {"ApiVersion": "2010-04-01", "Direction": "inbound", "FromCity": ""}
    return about | {
        "AccountSid": ACCOUNT_SID,
        "CallSid": f"CA{number:032x}",
        "CallStatus": "ringing",
        "From": f"+1303{2_000_000 + number}",
        "To": NUMBER,
    }


async def _python(module: str, *words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *words, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, f"{module} failed"
    return told.decode()
