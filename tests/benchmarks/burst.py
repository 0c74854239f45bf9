"""Ten calls within five seconds, all of them live at once."""

import asyncio
from contextlib import suppress

from tests.benchmarks.arms import Arm, starter_arm
from tests.benchmarks.caller import NoAnswer
from tests.benchmarks.row import Goal, Row, Sample

CALLS = 10
EVERY_SECONDS = 0.5
ALL = Goal(f"{CALLS} of {CALLS}", lambda a, _: a == [CALLS])


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """One burst in each arm, whatever the rounds; and one at a starter that counts its
    load by the processor, as it does when nobody tells it otherwise."""
    mine, theirs = await _burst(ours), await _burst(starter)
    with starter_arm("starter-by-processor", counts_calls=False) as stock:
        stock_greeted = await _burst(stock)
    return [
        _answered("Burst of 10 calls, 2 per second: answered", mine, theirs, ALL),
        Row("Burst: in the room to first greeting audio", "ms", mine, theirs),
        _answered(
            "Burst: answered, starter with its default load by processor",
            mine,
            stock_greeted,
        ),
    ]


def _answered(name: str, mine: Sample, theirs: Sample, goal: Goal | None = None) -> Row:
    return Row(name, "calls", [len(mine)], [len(theirs)], goal)


async def _burst(arm: Arm) -> Sample:
    """Milliseconds until each of those callers was greeted that were greeted at all."""
    await arm.settle()
    everybody = asyncio.Barrier(CALLS)
    calls = [_greeted(arm, number, everybody) for number in range(CALLS)]
    heard = await asyncio.gather(*calls)
    await arm.settle()
    return [after for after in heard if after is not None]


async def _greeted(arm: Arm, number: int, everybody: asyncio.Barrier) -> float | None:
    """Milliseconds from the room to the greeting; nobody hangs up before the last
    caller was greeted or gave up."""
    await asyncio.sleep(number * EVERY_SECONDS)
    async with arm.call() as caller:
        heard = None
        with suppress(NoAnswer):
            heard = await caller.ear.next_sound(f"burst at '{arm.name}'")
        await everybody.wait()
        return heard and (heard - caller.joined_at) * 1000
