"""What a job process takes: idle, listening to silence, and in conversation."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Coroutine

from tests.benchmarks.arms import Arm
from tests.benchmarks.caller import Caller
from tests.benchmarks.figures import Spent
from tests.benchmarks.row import Goal, Row, Sample, median
from tests.benchmarks.script import SPOKEN

SILENCE_SECONDS = 6.0
TALK_SECONDS = 8.0
SENTENCE_EVERY_SECONDS = 4.0
Figures = dict[str, Sample]


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """Calls in both arms at the same time, a third as many as `rounds`."""
    mine: Figures = defaultdict(list)
    theirs: Figures = defaultdict(list)
    for _ in range(max(1, rounds // 3)):
        await asyncio.gather(_live(ours, mine), _live(starter, theirs))
    mine["ready"], theirs["ready"] = (
        arm.ready_milliseconds() for arm in (ours, starter)
    )
    return _rows(mine, theirs)


async def _live(arm: Arm, figures: Figures) -> None:
    await arm.settle()
    figures["idle"] += arm.worker.private_megabytes()
    idle = set(arm.worker.jobs())
    async with arm.call() as caller:
        await caller.ear.next_sound(f"greeting of '{arm.name}'")
        await caller.turn_comes()
        await _share(arm, idle, figures, "silence", asyncio.sleep(SILENCE_SECONDS))
        await _share(arm, idle, figures, "talk", _talk(caller))
        figures["live"].append(max(arm.worker.private_megabytes()))


async def _talk(caller: Caller) -> None:
    """Questions and answers, for as long as every round's."""
    until = time.monotonic() + TALK_SECONDS
    while time.monotonic() < until:
        began = time.monotonic()
        await caller.say(SPOKEN)
        await asyncio.sleep(began + SENTENCE_EVERY_SECONDS - time.monotonic())


async def _share(
    arm: Arm,
    idle: set[int],
    figures: Figures,
    name: str,
    meanwhile: Coroutine[None, None, None],
) -> None:
    """The share of one core that the call's process took, in percent."""
    began, before = time.monotonic(), arm.worker.cpu()
    await meanwhile
    spent = Spent.between(before, arm.worker.cpu())
    seconds = time.monotonic() - began
    figures[name].append(100 * spent.busiest_of(idle) / seconds)
    figures[f"{name}, all"].append(100 * spent.all / seconds)


def _rows(mine: Figures, theirs: Figures) -> list[Row]:
    def row(name: str, unit: str, key: str, goal: Goal | None = None) -> Row:
        digits = 0 if unit == "ms" else 1
        return Row(name, unit, mine[key], theirs[key], goal, digits)

    small = Goal("at most 8 MB more", lambda a, b: median(a) - median(b) <= 8)
    return [
        row("Private memory of an idle job process", "MB", "idle", small),
        row("Private memory of a job process in a call", "MB", "live"),
        row("A further idle process is ready after", "ms", "ready"),
        row("Share of a core per call, in silence; job process", "%", "silence"),
        row("Share of a core per call, in talk; job process", "%", "talk"),
        row("The same, in silence; whole worker", "%", "silence, all"),
        row("The same, in talk; whole worker", "%", "talk, all"),
    ]
