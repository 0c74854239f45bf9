"""When a worker has no place for a job that it knows nothing of."""

from dataclasses import dataclass
from typing import Any

import pytest

from livekit_worker.worker.server import is_full


@dataclass
class Busy:
    """A server with jobs, and with offers that it answers, this one among them."""

    active_jobs: tuple[object, ...]
    _reserved_slots: int


@pytest.mark.parametrize(
    ("running", "offered", "full"),
    [(2, 1, False), (3, 1, True), (0, 3, False), (0, 4, True)],
)
def test_jobs_that_run_and_those_being_started_take_places(
    running: int, offered: int, full: bool
) -> None:
    server: Any = Busy((object(),) * running, offered)
    assert is_full(server, 3) is full
