"""How a job leaves its call: nothing lost, nobody kept waiting."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from livekit_worker import parting
from livekit_worker.ending import REPLACED, End, Handover
from livekit_worker.parting import Parting
from livekit_worker.reports import Reports
from livekit_worker.speech.gate import Gate
from livekit_worker.speech.lines import SpokenLines
from livekit_worker.tools.call_tools import CallTools
from livekit_worker.tools.ledger import Ledger
from livekit_worker.transcript import Transcript
from livekit_worker.turn_writer import TurnWriter
from livekit_worker.worker.heartbeat import WORKER_NAME
from telephony_app.models import Call, CallEvent, Cause, State, WorkerHeartbeat

pytestmark = pytest.mark.django_db(transaction=True)
Kind = CallEvent.Kind


class Job:
    """A job of the call, before it leaves."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.was_left = ""
        self.room = SimpleNamespace(name=call.room)
        self.writer = TurnWriter(call.pk)

    def shutdown(self, reason: str) -> None:
        self.was_left = reason

    def say_filler(self) -> None:
        """No function of this job takes its time."""

    async def leaves(self, end: End | Handover) -> None:
        """Leave the call without a session."""
        ctx: Any = self
        transcript = Transcript(self.writer.write)
        lines = SpokenLines(ctx.room, {}, transcript, Gate())
        reports = Reports(self.call, self.writer, job_id="AJ_1")
        tools = CallTools((), (), Ledger(self.writer, job_id="AJ_1"), ctx)
        leaving = Parting(ctx, lines, transcript, reports, self.writer, tools)
        await leaving.leave(end, None, is_broken=True)

    async def row(self) -> Call:
        """The call as stored."""
        return await Call.objects.select_related("worker").aget(pk=self.call.pk)

    async def events(self) -> list[str]:
        """The kinds of the call's events."""
        kinds = self.call.events.values_list("kind", flat=True)
        return await sync_to_async(list)(kinds)


@pytest.fixture
async def job(
    call: Call, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Job]:
    """The job of a call that its worker claimed."""
    monkeypatch.setenv(WORKER_NAME, worker.name)
    call.worker = worker
    await call.asave()
    job = Job(call)
    yield job
    job.writer.stop()


async def test_cause_is_stored_before_the_job_is_left(job: Job) -> None:
    job.writer.report(lambda: time.sleep(0.5))
    await job.leaves(End(Cause.MODEL_UNAVAILABLE))
    assert await job.writer.flush(seconds=0.05)
    assert (await job.row()).cause == Cause.MODEL_UNAVAILABLE
    assert job.was_left


async def test_database_that_is_away_does_not_keep_the_line_open(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parting, "FLUSH_SECONDS", 0.2)
    job.writer.report(lambda: time.sleep(3))
    async with asyncio.timeout(1.5):
        await job.leaves(End(Cause.CALLER_HUNG_UP))
    assert job.was_left


async def test_call_that_is_handed_over_goes_on_and_belongs_to_nobody(job: Job) -> None:
    await job.leaves(Handover("The connection was lost."))
    row = await job.row()
    assert row.state != State.ENDED
    assert row.worker is None
    assert await job.events() == [Kind.PROBLEM]


async def test_job_that_was_replaced_leaves_without_a_word(job: Job) -> None:
    await job.leaves(REPLACED)
    assert (await job.row()).worker
    assert await job.events() == []
