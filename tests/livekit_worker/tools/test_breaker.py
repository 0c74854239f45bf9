"""A tool that keeps failing rests for a while."""

import pytest

from livekit_worker.tools import breaker
from livekit_worker.tools.breaker import FAILURES, Breaker
from livekit_worker.tools.failures import Refused, TimedOut
from livekit_worker.tools.request import Request
from tests.livekit_worker.tools.conftest import Ask, run
from tools_app.errors import ToolError


def failing(error: Exception) -> Breaker:
    """A breaker around what always fails in this way."""

    async def fail(_: Request) -> str:
        raise error

    return Breaker(fail)


async def fail(guarded: Breaker, request: Request, times: int = FAILURES) -> None:
    """Let it fail so often."""
    for _ in range(times):
        with pytest.raises(Exception, match="^out of order$"):
            await guarded(request)


TROUBLE = [
    TimedOut("out of order"),
    ToolError("out of order", may_retry=True),
    RuntimeError("out of order"),
]


@pytest.mark.parametrize("error", TROUBLE, ids=["time", "retry", "broken"])
async def test_tool_that_failed_three_times_is_left_alone(
    asked: Ask, error: Exception
) -> None:
    guarded, request = failing(error), asked("look_up", name="Ann")
    await fail(guarded, request)
    with pytest.raises(Refused, match="half a minute"):
        await guarded(request)


async def test_answer_that_is_a_no_speaks_not_against_the_tool(asked: Ask) -> None:
    guarded = failing(ToolError("out of order"))
    await fail(guarded, asked("look_up", name="Ann"), times=10)


async def test_rested_tool_is_tried_again(
    asked: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "REST_SECONDS", -1)
    guarded, request = failing(RuntimeError("out of order")), asked("explode")
    await fail(guarded, request, times=FAILURES + 2)


async def test_success_in_between_counts_from_the_begin(asked: Ask) -> None:
    guarded, request = Breaker(run), asked("explode")
    for _ in range(2):
        for _ in range(FAILURES - 1):
            with pytest.raises(RuntimeError):
                await guarded(request)
        await guarded(asked("look_up", name="Ann"))
