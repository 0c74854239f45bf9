"""Turns on their way into the database: written through, in order, never blocking.

A database that is away for a while delays the writing, not the conversation: what was
said waits here and is tried again until it is stored.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError

from livekit_worker.orm import in_database
from telephony_app.models import Turn
from tools_app.storable import storable

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
BATCH = 50
UPDATED = [
    "text",
    "is_final",
    "was_interrupted",
    "spoken_from",
    "spoken_to",
    "latency_ms",
]
Report = Callable[[], object]


@dataclass
class SpokenTurn:
    """One turn as it grows; `item_id` names it within its call."""

    item_id: str
    speaker: Turn.Speaker
    spoken_from: datetime
    text: str = ""
    is_final: bool = False
    is_typed: bool = False
    was_interrupted: bool = False
    spoken_to: datetime | None = None
    latency_ms: int | None = None


class TurnWriter:
    """Writes a call's turns and reports; of a turn that grew twice only the newest."""

    def __init__(self, call_id: uuid.UUID) -> None:
        self.call_id = call_id
        self._turns: dict[str, SpokenTurn] = {}
        self._reports: list[Report] = []
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._batch = BATCH
        self._task = asyncio.create_task(self._run(), name="turn_writer")

    def write(self, turn: SpokenTurn) -> None:
        """Store the turn as it is now, soon."""
        self._turns[turn.item_id] = turn
        self._start()

    def report(self, work: Report) -> None:
        """Do another piece of database work after the turns said so far."""
        self._reports.append(work)
        self._start()

    async def flush(self, *, seconds: float) -> bool:
        """Wait until all is stored; False when that took longer than `seconds`."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def stop(self) -> None:
        """Write no more."""
        self._task.cancel()

    def _start(self) -> None:
        self._idle.clear()
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._drain()
            if not self._turns and not self._reports:
                self._idle.set()

    async def _drain(self) -> None:
        while self._turns or self._reports:
            turns = list(self._turns.values())[: self._batch]
            isolating = self._batch == 1 and turns
            reports = [] if isolating else self._reports[: self._batch]
            rows = [self._row(turn) for turn in turns]
            try:
                await in_database(_store, rows, reports, self._reports)
            except (OperationalError, InterfaceError) as error:
                logger.warning("the database is away: %s", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as error:  # noqa: BLE001  None may end the writing.
                self._isolate(turns, reports, error)
            else:
                self._batch = BATCH
                for turn, row in zip(turns, rows, strict=True):
                    self._forget(turn, row)

    def _isolate(
        self, turns: list[SpokenTurn], reports: list[Report], error: Exception
    ) -> None:
        """Something that can never be stored must not hold up the rest: go one by one,
        and drop what fails alone."""
        if self._batch > 1:
            self._batch = 1
            return
        logger.error("a turn or report was refused: %s", type(error).__name__)
        for turn in turns:
            self._turns.pop(turn.item_id, None)
        for report in reports:
            if report in self._reports:
                self._reports.remove(report)

    def _row(self, turn: SpokenTurn) -> Turn:
        row = Turn(call_id=self.call_id, **vars(turn))
        row.text = storable(row.text)
        return row

    def _forget(self, turn: SpokenTurn, row: Turn) -> None:
        """Drop a stored turn, unless it has grown while it was being stored."""
        now = self._row(turn)
        grown = any(getattr(row, name) != getattr(now, name) for name in UPDATED)
        if not grown and self._turns.get(turn.item_id) is turn:
            del self._turns[turn.item_id]


def _store(
    rows: list[Turn],
    reports: list[Report],
    waiting: list[Report],
) -> None:
    """Write the rows by item id, then each report; a done report leaves the queue."""
    if rows:
        Turn.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["call", "item_id"],
            update_fields=UPDATED,
        )
    for work in reports:
        work()
        waiting.remove(work)
