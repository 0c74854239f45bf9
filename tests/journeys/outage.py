"""The database goes away for a while, as in a failover."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from tests.servers.database import Database


@contextmanager
def outage(database: Database) -> Iterator[None]:
    """While it lasts, nobody can read or write the database of the processes."""
    if database.url:
        with _refused(database):
            yield
    else:
        with _locked(database):
            yield


@contextmanager
def _locked(database: Database) -> Iterator[None]:
    connection = sqlite3.connect(database.name, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def _refused(database: Database) -> Iterator[None]:
    name = database.name
    database.as_owner(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    database.as_owner(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608
        f"WHERE datname = '{name}'"
    )
    try:
        yield
    finally:
        database.as_owner(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        # The test's own connection was cut, too.
        connections["default"].close()
