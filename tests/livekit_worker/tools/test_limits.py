"""How often a tool may be used."""

import pytest

from livekit_worker.tools import limits
from livekit_worker.tools.failures import Refused
from livekit_worker.tools.limits import Limits
from tests.livekit_worker.tools.conftest import Ask, DeskTool, run


async def test_fourth_request_in_a_minute_waits(asked: Ask, desk: DeskTool) -> None:
    limited = Limits(run, {})
    for _ in range(3):
        await limited(asked("look_up", name="Ann"))
    with pytest.raises(Refused, match="a minute"):
        await limited(asked("look_up", name="Ann"))
    assert len(desk.log) == 3


async def test_requests_of_a_minute_ago_do_not_count(
    asked: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MINUTE_SECONDS", 0.0)
    limited = Limits(run, {})
    for _ in range(5):
        await limited(asked("look_up", name="Ann"))


async def test_requests_of_earlier_jobs_count_for_the_call(asked: Ask) -> None:
    limited = Limits(run, {1: 4})
    await limited(asked("look_up", name="Ann"))
    with pytest.raises(Refused, match="one call"):
        await limited(asked("look_up", name="Bob"))


async def test_other_tools_have_limits_of_their_own(asked: Ask) -> None:
    limited = Limits(run, {2: 100})
    assert await limited(asked("look_up", name="Ann"))


async def test_request_that_came_to_nothing_does_not_count_for_the_call(
    asked: Ask,
) -> None:
    limited = Limits(run, {1: 4})
    await limited(asked("look_up", name="Ann"))
    limited.forget(asked("look_up", name="Ann"))
    await limited(asked("look_up", name="Bob"))
