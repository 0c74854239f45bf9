"""What one process at a time may do."""

import threading

import pytest
from django.db import connection

from telephony_app import locks
from telephony_app.locks import alone

LOCK, OTHER_LOCK = 1, 2


class Visitor(threading.Thread):
    """Another thread of the process, which wants to be alone for a moment."""

    def __init__(self, lock: int) -> None:
        super().__init__()
        self.lock = lock
        self.statements: list[str] = []
        self.start()

    def run(self) -> None:
        with connection.execute_wrapper(self._note), alone(self.lock):
            pass
        connection.close()

    def _note(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.statements.append(sql)
        return execute(sql, params, many, context)

    @property
    def waits(self) -> bool:
        """Whether it is still there after a while."""
        self.join(0.5)
        return self.is_alive()


@pytest.mark.django_db(transaction=True)
def test_threads_of_a_process_wait_without_troubling_the_database() -> None:
    with alone(LOCK):
        visitor = Visitor(LOCK)
        assert visitor.waits
        assert visitor.statements == []
    visitor.join()


@pytest.mark.django_db(transaction=True)
def test_one_who_waits_too_long_leaves_the_decision_to_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its turn may be held by somebody who waits for it in the database."""
    monkeypatch.setattr(locks, "PATIENCE_SECONDS", 0.1)
    with locks._in_turn(LOCK):
        assert not Visitor(LOCK).waits


@pytest.mark.django_db(transaction=True)
def test_who_is_alone_may_be_so_twice() -> None:
    with alone(LOCK), alone(LOCK):
        pass
    assert not Visitor(LOCK).waits


@pytest.mark.django_db(transaction=True)
def test_locks_do_not_know_of_each_other() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one lock for everything that is written.")
    with alone(LOCK):
        assert not Visitor(OTHER_LOCK).waits
