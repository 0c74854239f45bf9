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
Samples = tuple[Sample, Sample]


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """A call in each arm, side by side, once a round; their turns take turns."""
    typed: Samples = ([], [])
    spoken: Samples = ([], [])
    for _ in range(rounds):
        await asyncio.gather(ours.settle(), starter.settle())
        async with ours.call() as mine, starter.call() as theirs:
            callers = (mine, theirs)
            await asyncio.gather(*(c.ear.next_sound("the greeting") for c in callers))
            await _turns(callers, _type, typed, rounds=4)
            await _turns(callers, _speak, spoken, rounds=2)
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
    callers: tuple[Caller, Caller], ask: Ask, samples: Samples, *, rounds: int
) -> None:
    """Add our times and the starter's; the first turn of each warms up and is left out.

    A call's sound comes in frames of 50 ms, whose beat against the model's hop is the
    same for the whole call: one call alone would measure that.
    """
    pairs = list(zip(callers, samples, strict=True))
    for number in range(rounds + 1):
        for caller, sample in pairs:
            with suppress(NoAnswer):
                milliseconds = await _turn(caller, ask)
                if number:
                    sample.append(milliseconds)
        pairs.reverse()


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
