"""What one process at a time may do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def alone(lock: int) -> Iterator[None]:
    """A transaction that waits for every other one with the same lock.

    On PostgreSQL an advisory lock; SQLite's write lock, taken at the beginning, does it
    alone.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        yield
