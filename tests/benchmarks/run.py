"""One run: the processes up, each measure in turn, the results out."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable

from config.env import BASE_DIR
from livekit_worker.worker.server import IDLE_PROCESSES
from tests.benchmarks import (
    burst,
    greeting,
    live,
    loading,
    phone,
    report,
    tool_calls,
    turns,
    webhook,
)
from tests.benchmarks.arms import Arm, running
from tests.benchmarks.row import Row

logger = logging.getLogger("benchmarks")

Measure = Callable[..., Awaitable[list[Row]]]
MEASURES: dict[str, Measure] = {
    "greeting": greeting.measure,
    "turns": turns.measure,
    "live": live.measure,
    "burst": burst.measure,
    "loading": loading.measure,
    "tools": tool_calls.measure,
    "phone": phone.measure,
    "webhook": webhook.measure,
}
PAGE = BASE_DIR / "docs" / "benchmarks.md"


def run(names: Iterable[str], *, rounds: int) -> None:
    """Measure what is named, say what was found; a whole run writes the page."""
    logger.setLevel(logging.INFO)
    load = report.load_average()
    logger.info("starting the servers (load average %s)", load)
    with running() as (ours, starter):
        rows = asyncio.run(_measure(names, ours, starter, rounds))
    if set(names) == set(MEASURES):
        report.write(rows, PAGE, rounds=rounds, idle=IDLE_PROCESSES, load=load)
        logger.info("written: %s", PAGE)


async def _measure(
    names: Iterable[str], ours: Arm, starter: Arm, rounds: int
) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        began = time.monotonic()
        found = await MEASURES[name](ours, starter, rounds=rounds)
        seconds = time.monotonic() - began
        logger.info("%s, %.0f s:\n%s", name, seconds, report.table(found))
        rows += found
    return rows
