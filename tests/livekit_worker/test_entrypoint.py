"""A job that breaks gives its call back, or dies so that its worker does."""

import asyncio
import os
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection
from livekit import rtc

from livekit_worker import entrypoint
from livekit_worker.worker.heartbeat import WORKER_NAME
from telephony_app.models import Call, WorkerHeartbeat

pytestmark = pytest.mark.django_db(transaction=True)


class Died(Exception):
    """The process is no more."""


class Job:
    """A job of the call, whose connection to the room never comes about."""

    def __init__(self, call: Call) -> None:
        room = SimpleNamespace(name=call.room)
        self.call = call
        self.job = SimpleNamespace(id="AJ_1", metadata="", room=room)
        self.proc = SimpleNamespace(userdata={})
        self.room = rtc.Room()
        self.fault: Exception | None = None

    async def connect(self) -> None:
        while not self.proc.userdata:
            await asyncio.sleep(0.01)
        if self.fault:
            raise self.fault
        await asyncio.Event().wait()

    async def is_given_back(self) -> bool:
        """Whether the call waits for another job."""
        return await Call.objects.filter(pk=self.call.pk, worker=None).aexists()


@pytest.fixture
async def job(
    call: Call, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """The job of a call that this worker claimed."""

    def die(status: int) -> NoReturn:
        raise Died(status)

    monkeypatch.setattr(os, "_exit", die)
    monkeypatch.setenv(WORKER_NAME, worker.name)
    call.worker = worker
    await call.asave()
    return Job(call)


async def test_job_that_breaks_gives_its_call_back(job: Any) -> None:
    job.fault = ConnectionError()
    with pytest.raises(ConnectionError):
        await entrypoint.entrypoint(job)
    assert await job.is_given_back()


async def test_job_that_is_stopped_gives_its_call_back(job: Any) -> None:
    running = asyncio.ensure_future(entrypoint.entrypoint(job))
    while not job.proc.userdata:
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await job.is_given_back()


async def test_call_is_given_back_once_the_database_has_returned(job: Any) -> None:
    async with asyncio.TaskGroup() as tasks:
        await sync_to_async(go_away)()
        tasks.create_task(entrypoint._give_back(job))
        await asyncio.sleep(0.2)
        await sync_to_async(come_back)()
    assert await job.is_given_back()


async def test_process_that_cannot_give_its_call_back_dies(
    job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrypoint, "GIVE_BACK_SECONDS", 0.2)
    await sync_to_async(go_away)()
    try:
        with pytest.raises(Died, match="1"):
            await entrypoint._give_back(job)
    finally:
        await sync_to_async(come_back)()


def go_away() -> None:
    """Let the database fail as one that is away does."""

    def fail(*_: Any) -> NoReturn:
        raise OperationalError

    connection.execute_wrappers.append(fail)


def come_back() -> None:
    """Let the database work again."""
    connection.execute_wrappers.clear()
