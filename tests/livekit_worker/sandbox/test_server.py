"""The sandbox model as a server, and its command."""

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from livekit_worker.sandbox.certificate import CA_FILE, make_tls
from livekit_worker.sandbox.conversation import Conversation
from livekit_worker.sandbox.sessions import Session, Sessions
from tests.livekit_worker.sandbox.conftest import Line

PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"


@pytest.mark.asyncio
@pytest.mark.parametrize("key_style", ["systemInstruction", "system_instruction"])
async def test_setup_is_read_in_either_key_case(line: Line, key_style: str) -> None:
    headers = {"x-goog-api-key": "sandbox"}
    url = f"wss://127.0.0.1:{line.port}{PATH}"
    instruction = {"parts": [{"text": '[[sandbox {"close_at_setup": 1013}]]'}]}
    async with connect(url, ssl=line.tls, additional_headers=headers) as client:
        await client.send(json.dumps({"setup": {key_style: instruction}}).encode())
        await client.wait_closed()
        assert client.close_code == 1013


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [(PATH, {}, 403), ("/other", {"x-goog-api-key": "sandbox"}, 404)],
)
async def test_strange_request_is_refused(
    line: Line, path: str, headers: dict[str, str], status: int
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        url = f"wss://127.0.0.1:{line.port}{path}"
        await connect(url, ssl=line.tls, additional_headers=headers)
    assert refused.value.response.status_code == status


def test_certificate_outlives_a_restart_and_is_the_owners(tmp_path: Path) -> None:
    make_tls(tmp_path, host="127.0.0.1")
    before = (tmp_path / CA_FILE).read_bytes()
    make_tls(tmp_path, host="127.0.0.1")
    assert (tmp_path / CA_FILE).read_bytes() == before
    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {0o600}


def test_only_the_newest_sessions_are_kept() -> None:
    sessions = Sessions()
    session = Session(Conversation(), iter(()))
    first = sessions.keep(session)
    last = [sessions.keep(session) for _ in range(500)][-1]
    assert sessions.restore(first) is None
    assert sessions.restore(last) is not None


@pytest.fixture
def port() -> int:
    """A free port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def command(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, ready."""
    arguments = ["--port", str(port), "--state-dir", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_sandbox_model", *arguments],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and "ready" in process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_command_serves_until_it_is_told_to_end(
    command: subprocess.Popen[str], port: int, tmp_path: Path
) -> None:
    tls = ssl.create_default_context(cafile=str(tmp_path / CA_FILE))
    url = f"https://127.0.0.1:{port}/healthz"
    assert urllib.request.urlopen(url, context=tls, timeout=5).status == 200
    command.send_signal(signal.SIGTERM)
    assert command.wait(timeout=10) == 0


def test_busy_port_is_said_by_name(
    command: subprocess.Popen[str], port: int, tmp_path: Path
) -> None:
    arguments = ["--port", str(port), "--state-dir", str(tmp_path)]
    second = subprocess.run(
        [sys.executable, "manage.py", "run_sandbox_model", *arguments],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use: set SANDBOX_MODEL_URL" in second.stderr
