"""How soon the caller is greeted, and what the start of a call costs."""

import asyncio
import time
from dataclasses import dataclass, field

from tests.benchmarks.arms import Arm
from tests.benchmarks.figures import Spent
from tests.benchmarks.row import Goal, Row, Sample, median, p95

HEAD_START_SECONDS = 1.0
WINDOW_SECONDS = 3.0


@dataclass
class Starts:
    """What the starts of one arm's calls took: milliseconds, of time or processor."""

    greeted_after: Sample = field(default_factory=list)
    greeted_after_asking: Sample = field(default_factory=list)
    cpu_until_greeting: Sample = field(default_factory=list)
    job_cpu_until_greeting: Sample = field(default_factory=list)
    cpu_of_window: Sample = field(default_factory=list)


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """Calls whose agent has a head start, as on the Talk page, and calls without."""
    waited = await _starts(ours, starter, rounds, head_start=HEAD_START_SECONDS)
    at_once = await _starts(ours, starter, rounds, head_start=0.0)
    return [
        _greeting("caller joins 1 s after the agent was called", *waited),
        _greeting("caller joins at once", *at_once),
        _from_asking(*at_once),
        *_costs(*at_once),
    ]


async def _starts(
    ours: Arm, starter: Arm, rounds: int, *, head_start: float
) -> tuple[Starts, Starts]:
    mine, theirs = Starts(), Starts()
    pairs = [(ours, mine), (starter, theirs)]
    for _ in range(rounds):
        for arm, starts in pairs:
            await _start(arm, starts, head_start=head_start)
        pairs.reverse()
    return mine, theirs


async def _start(arm: Arm, starts: Starts, *, head_start: float) -> None:
    """One call, from the dispatch until the greeting has begun (and three seconds)."""
    await arm.settle()
    began, before, idle = time.monotonic(), arm.worker.cpu(), set(arm.worker.jobs())
    async with arm.call(head_start=head_start) as caller:
        heard = await caller.ear.next_sound(f"greeting of '{arm.name}'")
        until_greeting = Spent.between(before, arm.worker.cpu())
        starts.greeted_after.append((heard - caller.joined_at) * 1000)
        starts.greeted_after_asking.append((heard - caller.asked_at) * 1000)
        starts.cpu_until_greeting.append(until_greeting.all * 1000)
        starts.job_cpu_until_greeting.append(until_greeting.busiest_of(idle) * 1000)
        await asyncio.sleep(began + head_start + WINDOW_SECONDS - time.monotonic())
        of_window = Spent.between(before, arm.worker.cpu())
        starts.cpu_of_window.append(of_window.all * 1000)


def _greeting(when: str, mine: Starts, theirs: Starts) -> Row:
    return Row(
        f"In the room to first greeting audio; {when}",
        "ms",
        mine.greeted_after,
        theirs.greeted_after,
        Goal(
            "p50 <= 300 ms, and sooner than the starter's",
            lambda a, b: median(a) <= min(300, median(b)) and p95(a) <= p95(b),
        ),
    )


def _from_asking(mine: Starts, theirs: Starts) -> Row:
    return Row(
        "Call asked for to first greeting audio; caller joins at once",
        "ms",
        mine.greeted_after_asking,
        theirs.greeted_after_asking,
        Goal("sooner than the starter's", lambda a, b: median(a) < median(b)),
    )


def _costs(mine: Starts, theirs: Starts) -> list[Row]:
    no_dearer = Goal("no dearer", lambda a, b: median(a) <= median(b))
    return [
        Row(
            "Processor time of a call's start, until the greeting; job process",
            "ms",
            mine.job_cpu_until_greeting,
            theirs.job_cpu_until_greeting,
            no_dearer,
        ),
        Row(
            "The same; whole worker, with making the next idle process",
            "ms",
            mine.cpu_until_greeting,
            theirs.cpu_until_greeting,
            no_dearer,
        ),
        Row(
            "Processor time of a call's first 3 s; whole worker",
            "ms",
            mine.cpu_of_window,
            theirs.cpu_of_window,
        ),
    ]
