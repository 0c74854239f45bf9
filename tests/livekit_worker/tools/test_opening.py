"""Tools are opened beside the greeting, and closed after the call."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from livekit_worker.tools import opening
from livekit_worker.tools.once import Once
from livekit_worker.tools.opening import Opened, Opening
from tests.livekit_worker.tools.conftest import Ask, DeskTool, run
from tools_app.code_tools.tool import CodeTool
from tools_app.running import tool as running_tool
from tools_app.running.tool import LoadedTool


class LockedTool(DeskTool):
    """A desk that cannot be opened, nor closed."""

    async def setup(self) -> None:
        raise ConnectionError("https://example.test/?key=sesame-open-1234")

    async def aclose(self) -> None:
        raise RuntimeError("sesame-open-1234")


class SlowTool(DeskTool):
    """A desk that opens never."""

    async def setup(self) -> None:
        await asyncio.sleep(3600)


class StubbornTool(DeskTool):
    """A desk that closes never, and will not be stopped."""

    async def aclose(self) -> None:
        while not self.is_open.is_set():
            with suppress(asyncio.CancelledError):
                await self.is_open.wait()


def of(tool: LoadedTool, tool_class: type[DeskTool], pk: int) -> LoadedTool:
    """The same tool, of another class."""
    running = CodeTool(tool_class, {}, {})
    return replace(tool, agent_tool_id=pk, running=running)


async def test_open_tool_keeps_nobody(loaded: LoadedTool, desk: DeskTool) -> None:
    tools = Opening([loaded])
    tools.begin()
    await tools.opened(loaded)
    await tools.aclose()
    assert desk.log == ["setup", "aclose"]


async def test_tool_that_cannot_be_opened_says_so_each_time(
    loaded: LoadedTool,
) -> None:
    locked = of(loaded, LockedTool, 2)
    tools = Opening([loaded, locked])
    tools.begin()
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await tools.opened(locked)
    await tools.opened(loaded)


async def test_tool_that_could_not_be_opened_is_opened_for_a_later_request(
    asked: Ask, desk: DeskTool
) -> None:
    desk.setups_that_fail = 1
    book = asked("book", day="Monday")
    tools = Opening([book.tool])
    tools.begin()
    opened = Opened(Once(run, frozenset({book.asked}), ()), tools)
    with pytest.raises(ConnectionError):
        await opened(book)
    assert await opened(book) == "Booked for Monday."


async def test_tool_that_opens_never_is_given_up(
    loaded: LoadedTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "OPEN_SECONDS", 0.05)
    slow = of(loaded, SlowTool, 2)
    tools = Opening([slow])
    tools.begin()
    with pytest.raises(TimeoutError):
        await tools.opened(slow)


async def test_tool_that_closes_never_keeps_nobody(
    loaded: LoadedTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_tool, "CLOSE_SECONDS", 0.05)
    stubborn = CodeTool(StubbornTool, {}, {})
    tools = Opening([replace(loaded, running=stubborn)])
    tools.begin()
    try:
        async with asyncio.timeout(2):
            await tools.aclose()
    finally:
        stubborn._tool.is_open.set()  # type: ignore[attr-defined]


async def test_log_names_the_place_and_tells_no_secret(
    loaded: LoadedTool, caplog: pytest.LogCaptureFixture
) -> None:
    locked = of(loaded, LockedTool, 2)
    tools = Opening([locked])
    tools.begin()
    with pytest.raises(ConnectionError):
        await tools.opened(locked)
    await tools.aclose()
    assert "ConnectionError at" in caplog.text
    assert "test_opening.py" in caplog.text
    assert "RuntimeError at" in caplog.text
    assert "sesame" not in caplog.text
