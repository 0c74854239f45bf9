"""What one process at a time may do."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

PATIENCE_SECONDS = 5.0
_turns: defaultdict[int, threading.RLock] = defaultdict(threading.RLock)


@contextmanager
def alone(lock: int) -> Iterator[None]:
    """A transaction that waits for every other one with the same lock.

    On PostgreSQL an advisory lock; SQLite's write lock, taken at the beginning, does it
    alone.
    """
    with _in_turn(lock), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        yield


@contextmanager
def _in_turn(lock: int) -> Iterator[None]:
    """Let this process's threads wait for each other here: in the database each of
    them would keep it busy, and who holds the lock would be served later.

    The database's lock is what counts, so nobody waits here for ever.
    """
    turn = _turns[lock]
    is_ours = turn.acquire(timeout=PATIENCE_SECONDS)
    try:
        yield
    finally:
        if is_ours:
            turn.release()
