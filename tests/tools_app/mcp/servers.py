"""An MCP server of the tests' own, in a process that can die."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.servers.ports import free_port

KEY = "sesame-open-1234"
ROOT = Path(__file__).resolve().parents[3]


@dataclass
class McpServer:
    """Starts, dies and comes back at the same address."""

    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its endpoint."""
        return f"http://127.0.0.1:{self.port}/mcp"

    @property
    def definition(self) -> dict[str, Any]:
        """As staff would describe it."""
        secrets = [{"name": "key", "place": "bearer"}]
        return {"url": self.url, "secrets": secrets, "timeout_seconds": 10}

    @property
    def changes(self) -> list[str]:
        """What it was asked to change, over all its lives."""
        return self.log.read_text().split() if self.log.exists() else []

    def start(self, *options: str) -> None:
        """Returns when it answers."""
        command = ["-m", "tests.tools_app.mcp.process", str(self.port), "--key", KEY]
        self.process = subprocess.Popen(
            [sys.executable, *command, "--log", str(self.log), *options], cwd=ROOT
        )
        deadline = time.monotonic() + 90
        while not self._answers():
            assert time.monotonic() < deadline and self.process.poll() is None
            time.sleep(0.05)

    def _answers(self) -> bool:
        with socket.socket() as attempt:
            return not attempt.connect_ex(("127.0.0.1", self.port))

    def kill(self) -> None:
        """Without a word."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session", params=[(), ("--old",), ("--json",)], ids=str)
def any_mcp_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[McpServer]:
    """One of each manner of speaking: today's, that of 2025, without events."""
    server = McpServer(tmp_path_factory.mktemp("mcp") / "changes")
    server.start(*request.param)
    yield server
    server.kill()


@pytest.fixture
def mcp_server(any_mcp_server: McpServer, settings: Settings) -> McpServer:
    """A server that tools were allowed to reach."""
    settings.TOOLS_MAY_REACH = [("127.0.0.1", any_mcp_server.port)]
    return any_mcp_server


@pytest.fixture(params=[(), ("--old",)], ids=str)
def mortal_mcp_server(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings
) -> Iterator[McpServer]:
    """A server that a test may kill, and start again."""
    server = McpServer(tmp_path / "changes")
    settings.TOOLS_MAY_REACH = [("127.0.0.1", server.port)]
    server.start(*request.param)
    yield server
    server.kill()
