"""What the platform adds to a turn: the caller's last sound to the agent's first."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

from tests.benchmarks.arms import Arm
from tests.benchmarks.caller import Caller, NoAnswer
from tests.benchmarks.row import Goal, Row, Sample, p95
from tests.benchmarks.script import SPOKEN, TYPED

HOP_SECONDS = 0.05
GOAL = Goal("p95 at most 10 ms later", lambda a, b: p95(a) - p95(b) <= 10)
Ask = Callable[[Caller], Awaitable[float]]


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """One call in each arm, side by side; their turns take turns."""
    await asyncio.gather(ours.settle(), starter.settle())
    async with ours.call() as mine, starter.call() as theirs:
        callers = (mine, theirs)
        await asyncio.gather(*(c.ear.next_sound("the greeting") for c in callers))
        typed = await _turns(callers, _type, rounds=4 * rounds)
        spoken = await _turns(callers, _speak, rounds=2 * rounds)
    missed = [
        [6.0 * rounds - len(ones) - len(others)]
        for ones, others in zip(typed, spoken, strict=True)
    ]
    return [
        Row("Turn: line typed to first answer audio", "ms", *typed, GOAL),
        Row("Turn: last spoken sample to first answer audio", "ms", *spoken, GOAL),
        Row(f"Turns without an answer, of {6 * rounds}", "turns", missed[0], missed[1]),
    ]


async def _turns(
    callers: tuple[Caller, Caller], ask: Ask, *, rounds: int
) -> tuple[Sample, Sample]:
    """Our times and the starter's; the first turn of each warms up and is left out."""
    samples: tuple[Sample, Sample] = ([], [])
    pairs = list(zip(callers, samples, strict=True))
    for number in range(rounds + 1):
        for caller, sample in pairs:
            with suppress(NoAnswer):
                milliseconds = await _turn(caller, ask)
                if number:
                    sample.append(milliseconds)
        pairs.reverse()
    return samples


async def _turn(caller: Caller, ask: Ask) -> float:
    """Milliseconds of one turn; it begins anywhere in the model's 50 ms hop."""
    await caller.turn_comes()
    await asyncio.sleep(random.uniform(0, HOP_SECONDS))  # noqa: S311  no secret
    answer = asyncio.create_task(caller.ear.next_sound("a turn"))
    asked = await ask(caller)
    return (await answer - asked) * 1000


async def _type(caller: Caller) -> float:
    return await caller.type(TYPED)


async def _speak(caller: Caller) -> float:
    return await caller.say(SPOKEN)
