"""An author's code that does not stop keeps nobody."""

import asyncio
import time

import pytest

from tools_app.running.time_limit import run, within


async def never(stopped: list[str]) -> None:
    """Work that will not be stopped."""
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            stopped.append("not stopped")


async def test_work_in_time_gives_what_it_gives() -> None:
    assert await within(1, asyncio.sleep(0, "done")) == "done"


async def test_work_in_time_raises_what_it_raises() -> None:
    async def fail() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await within(1, fail())


def test_work_that_will_not_be_stopped_is_left_behind() -> None:
    stopped: list[str] = []
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        run(within(0.05, never(stopped)))
    assert time.monotonic() - began < 3
    assert "not stopped" in stopped
