"""The cast of tools: a package with a weather tool is installed, Ava was given it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from agents_app.models import Agent
from tests.servers.database import Database
from tests.tools_app.http_servers import (
    authority,
    endpoint,
    http_server,
    secure_endpoint,
    tls_server,
)
from tests.tools_app.mcp.servers import any_mcp_server, mcp_server, mortal_mcp_server
from tools_app.code_tools.registry import registry
from tools_app.models import AgentTool, PlatformTool
from tools_app.sync import sync_code_tools

__all__ = [
    "any_mcp_server",
    "authority",
    "endpoint",
    "http_server",
    "mcp_server",
    "mortal_mcp_server",
    "secure_endpoint",
    "tls_server",
]
INSTALLED = Path(__file__).parent / "installed"
API_KEY = "sesame-open-1234"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package of `tests/tools_app/installed` is installed."""
    monkeypatch.syspath_prepend(str(INSTALLED))
    registry.cache_clear()
    yield
    registry.cache_clear()


@pytest.fixture
def broken_package(
    installed: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A package is installed too whose module cannot be imported."""
    metadata = tmp_path / "bad_tools-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: bad-tools\nVersion: 1.0\n")
    points = "[voice_agent_tools]\nbad = no_such_module\n"
    (metadata / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(str(tmp_path))
    registry.cache_clear()


@pytest.fixture
def weather(installed: None, db: None) -> PlatformTool:
    """The weather tool as staff see it."""
    list(sync_code_tools(registry()))
    return PlatformTool.objects.get(key="weather")


@pytest.fixture
def avas_weather(agent: Agent, weather: PlatformTool) -> AgentTool:
    """The weather tool in Ava's hands, with a key of its own."""
    return AgentTool.objects.create(
        agent=agent,
        platform_tool=weather,
        name="weather",
        sensitive_config={"api_key": API_KEY},
    )


@pytest.fixture
def committed(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads share as processes do: SQLite in a file, which waits for
    a lock where the one in memory fails."""
    if connection.vendor != "sqlite":
        yield
        return
    database = Database()
    database.name = str(tmp_path / "committed.sqlite3")
    connection.ensure_connection()
    with closing(sqlite3.connect(database.name)) as file:
        connection.connection.backup(file)
    with database.shared():
        yield
