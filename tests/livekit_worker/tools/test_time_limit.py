"""Nobody waits for a function longer than its tool may take."""

import asyncio

import pytest

from livekit_worker.tools.failures import TimedOut
from livekit_worker.tools.once import Once
from livekit_worker.tools.time_limit import UNSURE, TimeLimit
from tests.livekit_worker.tools.conftest import Ask, DeskTool, run


async def test_function_that_will_not_be_stopped_keeps_nobody(
    asked: Ask, desk: DeskTool
) -> None:
    asyncio.get_running_loop().call_later(5, desk.is_open.set)
    with pytest.raises(TimedOut, match="too long"):
        await TimeLimit(run)(asked("hang"))
    await asyncio.sleep(0.01)
    assert desk.log == ["hang", "not stopped"]
    assert not desk.is_open.is_set()
    desk.is_open.set()


async def test_side_effect_goes_on_and_the_same_request_gets_its_result(
    asked: Ask, desk: DeskTool
) -> None:
    limited = TimeLimit(Once(run, frozenset(), ()))
    with pytest.raises(TimedOut) as raised:
        await limited(asked("order", dish="soup"))
    assert raised.value.words == UNSURE
    desk.is_open.set()
    again = asked("order", dish="soup")
    assert await limited(again) == "soup is on its way."
    assert desk.log == ["order soup"]
    assert again.was_repeated


async def test_failure_in_time_is_passed_on(asked: Ask) -> None:
    with pytest.raises(RuntimeError):
        await TimeLimit(run)(asked("explode"))
