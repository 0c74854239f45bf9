"""The database that the processes under test share with the test process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections


class Database:
    """A database of its own, beside the one in which tests roll back.

    The processes commit, so their rows would spoil the other tests' database; and a
    database that a developer named in `DATABASE_URL` is never written to.
    """

    def __init__(self) -> None:
        self.url = os.environ.get("DATABASE_URL", "")
        self.name = str(settings.STATE_DIR / "db.sqlite3")
        if self.url:
            self.name = f"voice_servers_{os.getpid()}"
            self.url = urlsplit(self.url)._replace(path=f"/{self.name}").geturl()

    def create(self) -> None:
        """Make it; SQLite makes its file by itself."""
        self.as_owner(f'CREATE DATABASE "{self.name}"')

    def drop(self) -> None:
        """Remove it, whoever is still connected."""
        self.as_owner(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def as_owner(self, statement: str) -> None:
        """Tell the server something about the database, from outside of it."""
        if self.url:
            with connections["default"]._nodb_cursor() as cursor:
                cursor.execute(statement)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """While it lasts, the ORM of the test process works here, in every thread."""
        values, outer = connections.settings["default"], connections["default"]
        name = values["NAME"]
        _leave(outer)
        values["NAME"] = self.name
        connections["default"] = connections.create_connection("default")
        try:
            yield
        finally:
            _leave(connections["default"])
            values["NAME"] = name
            connections["default"] = outer


def _leave(connection: object) -> None:
    """Close a connection and its pool, which is known by alias, not by database."""
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
