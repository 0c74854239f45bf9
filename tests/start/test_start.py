"""`./start.sh` as a person meets it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from config.env import BASE_DIR, Environment
from tests.servers.ports import free_port, port_range

pytestmark = [pytest.mark.servers, pytest.mark.heavy]
READY = re.compile(r"^READY url=(\S+) user=(\S+) password=(\S+)$", re.MULTILINE)


@dataclass
class Started:
    """A machine on which `./start.sh` was called."""

    env: dict[str, str]
    process: subprocess.Popen[str]
    words: str = ""

    def read_until_ready(self) -> tuple[str, str, str]:
        """Address, user and password, as told once a call can be made."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.words += line
            if found := READY.match(line):
                return found[1], found[2], found[3]
        raise AssertionError(f"It ended before it was ready:\n{self.words}")

    def command(self, word: str) -> subprocess.CompletedProcess[str]:
        """Another `./start.sh` of the same instance."""
        return subprocess.run(
            ["./start.sh", word],
            cwd=BASE_DIR,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def left_over(self) -> list[str]:
        """What still runs of it, each with its number first: its processes carry its
        state folder's name."""
        listed = subprocess.run(
            ["ps", "-e", "-wwE", "-o", "pid,args"]
            if sys.platform == "darwin"
            else ["ps", "-e", "-ww", "-o", "pid,args", "e"],
            capture_output=True,
            text=True,
        )
        mark = f"STATE_DIR={self.env['STATE_DIR']}"
        return [line for line in listed.stdout.splitlines() if mark in line]

    def end(self) -> None:
        """Stop it, and kill what does not stop, so that no later test meets it."""
        self.process.terminate()
        try:
            self.process.communicate(timeout=60)
        finally:
            for line in self.left_over():
                with suppress(ProcessLookupError):
                    os.kill(int(line.split()[0]), signal.SIGKILL)


@pytest.fixture
def fresh_env(tmp_path: Path) -> dict[str, str]:
    """An environment as on a machine that never ran it, on free ports."""
    known = {name.upper() for name in Environment.model_fields}
    known.add("DJANGO_SETTINGS_MODULE")
    outside = {n: v for n, v in os.environ.items() if n not in known}
    return outside | {
        "STATE_DIR": str(tmp_path / "var"),
        "ENV_FILE": str(tmp_path / ".env"),
        "WEB_PORT": str(free_port()),
        "LIVEKIT_PORT": str(free_port(neighbours=2)),
        "SANDBOX_MODEL_PORT": str(free_port()),
        "WORKER_PORT": str(free_port()),
        "SIP_PORT": str(free_port(neighbours=2)),
        "SIP_RTP_PORTS": port_range(20),
        "REDIS_PORT": str(free_port()),
    }


@pytest.fixture
def started(
    fresh_env: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[Started]:
    """A start that is under way, with the options that a test names."""
    process = subprocess.Popen(
        ["./start.sh", *getattr(request, "param", [])],
        cwd=BASE_DIR,
        env=fresh_env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    machine = Started(fresh_env, process)
    yield machine
    machine.end()


def test_ready_line_leads_to_a_signed_in_admin_and_stop_leaves_nothing(
    started: Started,
) -> None:
    url, user, password = started.read_until_ready()
    login = requests.Session()
    form = {"username": user, "password": password}
    form["csrfmiddlewaretoken"] = login.get(f"{url}/admin/login/").cookies["csrftoken"]
    answer = login.post(f"{url}/admin/login/", form, headers={"Referer": url})
    assert answer.url == f"{url}/admin/"
    assert "Log out" in answer.text

    assert started.left_over() != []
    assert started.command("status").returncode == 0
    assert "It runs already" in started.command("start").stderr

    stopped = started.command("stop")
    assert stopped.returncode == 0, stopped.stderr
    assert started.process.wait(timeout=10) == 0
    assert started.left_over() == []


def test_runner_that_was_killed_leaves_nothing_behind(started: Started) -> None:
    started.read_until_ready()
    started.process.kill()
    deadline = time.monotonic() + 20
    while started.left_over() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert started.left_over() == []
    stopped = started.command("stop")
    assert (stopped.returncode, stopped.stdout) == (0, "Nothing runs.\n")


def test_newcomer_who_knows_only_the_ready_line_holds_a_call(started: Started) -> None:
    url, user, password = started.read_until_ready()
    ready = f"READY url={url} user={user} password={password}"
    call = subprocess.run(
        [sys.executable, "-m", "tests.journeys.first_call", ready],
        cwd=BASE_DIR,
        env=started.env | {"PYTHONPATH": f"{BASE_DIR}:{BASE_DIR / 'platform'}"},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert call.returncode == 0, call.stdout + call.stderr
    assert "killed the job; heard the agent" in call.stdout


@pytest.mark.parametrize("started", [["--phone"]], indirect=True, ids=["phone"])
def test_newcomer_with_the_telephone_calls_the_agent_from_the_shell(
    started: Started,
) -> None:
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    started.read_until_ready()
    call = subprocess.run(
        [sys.executable, "manage.py", "test_call", "Demo receptionist"],
        cwd=BASE_DIR,
        env=started.env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert call.returncode == 0, call.stdout + call.stderr
    assert "Agent: Bluebird Bikes, good day" in call.stdout
    status = started.command("status")
    assert status.returncode == 0
    assert re.search(r"^redis +up$", status.stdout, re.MULTILINE)
    assert re.search(r"^sip +up$", status.stdout, re.MULTILINE)


def test_telephone_needs_livekit_on_this_machine(fresh_env: dict[str, str]) -> None:
    elsewhere = fresh_env | {"LIVEKIT_URL": "wss://project.livekit.cloud"}
    refused = subprocess.run(
        ["./start.sh", "--phone"],
        cwd=BASE_DIR,
        env=elsewhere,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 1
    assert "start without --phone" in refused.stderr


def test_password_is_kept_for_the_owner_and_not_in_the_log(started: Started) -> None:
    _, _, password = started.read_until_ready()
    state = Path(started.env["STATE_DIR"])
    file = state / "admin-password"
    assert file.read_text().strip() == password
    assert file.stat().st_mode & 0o777 == 0o600
    assert password not in (state / "logs/platform.log").read_text()


def test_busy_port_is_told_before_anything_starts(fresh_env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(fresh_env["WEB_PORT"]))):
        refused = subprocess.run(
            ["./start.sh"], cwd=BASE_DIR, env=fresh_env, capture_output=True, text=True
        )
    assert refused.returncode == 1
    assert "set WEB_PORT" in refused.stderr
    assert not Path(fresh_env["STATE_DIR"], "db.sqlite3").exists()


def test_unknown_word_is_answered_with_the_usage() -> None:
    refused = subprocess.run(
        ["./start.sh", "restart"], cwd=BASE_DIR, capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert "Usage: ./start.sh [start|stop|status|logs] [--phone]" in refused.stderr
