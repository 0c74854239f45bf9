"""Answers that hold for the rest of the call."""

import pytest

from livekit_worker.tools.cache import Cache
from livekit_worker.tools.request import Request
from tests.livekit_worker.tools.conftest import Ask, DeskTool, run
from tools_app.errors import ToolError


async def test_same_question_is_answered_from_memory(
    asked: Ask, desk: DeskTool
) -> None:
    cached, again = Cache(run), asked("prices")
    assert await cached(asked("prices")) == await cached(again)
    assert desk.log == ["prices all"]
    assert again.was_repeated


async def test_other_arguments_are_another_question(asked: Ask, desk: DeskTool) -> None:
    cached = Cache(run)
    await cached(asked("prices", of="rooms"))
    await cached(asked("prices", of="meals"))
    assert desk.log == ["prices rooms", "prices meals"]


async def test_function_that_is_not_cacheable_runs_each_time(
    asked: Ask, desk: DeskTool
) -> None:
    cached = Cache(run)
    await cached(asked("look_up", name="Ann"))
    await cached(asked("look_up", name="Ann"))
    assert len(desk.log) == 2


async def test_failure_is_not_remembered(asked: Ask, desk: DeskTool) -> None:
    failures = [ToolError("Not now.")]

    async def fail_once(request: Request) -> str:
        if failures:
            raise failures.pop()
        return await run(request)

    cached = Cache(fail_once)
    with pytest.raises(ToolError):
        await cached(asked("prices"))
    assert await cached(asked("prices"))
