"""A worker's sign of life, and when it may judge others."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.db import OperationalError

from livekit_worker.worker import heartbeat as module
from livekit_worker.worker.heartbeat import Heartbeat
from telephony_app.models import WorkerHeartbeat

pytestmark = pytest.mark.django_db(transaction=True)


class Jobless:
    """A server that carries no call."""

    active_jobs: tuple[object, ...] = ()


class Clock:
    """A clock that goes as far as it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
async def heartbeat() -> AsyncIterator[Heartbeat]:
    """The heartbeat of a worker with five places."""
    heartbeat = Heartbeat("host-1", Jobless(), places=5)  # type: ignore[arg-type]
    yield heartbeat
    await heartbeat.stop()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that heartbeats go by."""
    clock: Any = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


async def beats(heartbeat: Heartbeat, clock: Clock, *, apart: float) -> None:
    """Eight beats with this much time before each."""
    for _ in range(8):
        clock.now += apart
        await heartbeat.beat()


async def test_beat_writes_name_places_and_calls(heartbeat: Heartbeat) -> None:
    await heartbeat.beat()
    row = await WorkerHeartbeat.objects.aget()
    assert (row.name, row.places, row.live, row.is_draining) == ("host-1", 5, 0, False)


async def test_draining_is_told_at_once(heartbeat: Heartbeat) -> None:
    await heartbeat.drain()
    assert (await WorkerHeartbeat.objects.aget()).is_draining


async def test_worker_judges_others_after_a_while(
    heartbeat: Heartbeat, clock: Clock
) -> None:
    await heartbeat.beat()
    assert not heartbeat.is_steady
    await beats(heartbeat, clock, apart=1)
    assert heartbeat.is_steady


async def test_worker_whose_beats_had_to_wait_judges_nobody(
    heartbeat: Heartbeat, clock: Clock
) -> None:
    await beats(heartbeat, clock, apart=1)
    clock.now += 10
    assert not heartbeat.is_steady
    await heartbeat.beat()
    assert not heartbeat.is_steady


async def test_worker_leaves_in_order_though_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(WorkerHeartbeat.objects, "filter", away)
    await Heartbeat("host-1", Jobless(), places=5).stop()  # type: ignore[arg-type]
