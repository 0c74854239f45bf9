"""A row with a sealed column, and keys to change."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from pytest_django import Settings

from accounts.models import Organization
from tests.servers.database import Database
from tools_app.models import PlatformTool, ToolSecret

PLANTED = "sk-planted-5ecret-a1b2"


@pytest.fixture
def new_key(settings: Settings) -> str:
    """A key that the settings do not know yet."""
    return Fernet.generate_key().decode()


@pytest.fixture
def row(acme: Organization) -> ToolSecret:
    """A stored row that holds a secret."""
    tool = PlatformTool.objects.create(key="weather", name="Weather")
    made = ToolSecret.objects.create(
        organization=acme, platform_tool=tool, secrets={"api_key": PLANTED}
    )
    return ToolSecret.objects.get(pk=made.pk)


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database whose threads wait for each other, as processes do: PostgreSQL, or
    SQLite in a file. SQLite in memory refuses the second one at once."""
    if connection.vendor != "sqlite":
        yield
        return
    database = Database()
    database.name = str(tmp_path / "shared.sqlite3")
    connection.ensure_connection()
    with closing(sqlite3.connect(database.name)) as file:
        connection.connection.backup(file)
    with database.shared():
        yield
