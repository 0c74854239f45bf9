"""A salon's calendar in Ava's hands, on a Saturday in November."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import time_machine

from tests.standins.google.calendar import CALENDAR_ID, GoogleCalendar
from tests.tools_app.implementations.conftest import Context
from tools_app.code_tools.tool import CodeTool
from tools_app.implementations.google_calendar.tool import GoogleCalendarTool

# Saturday; the clocks of Berlin show 10:08.
NOW = "2030-11-23T09:08:00Z"
TUESDAY = "2030-11-26"
CONFIG = {"calendar_id": CALENDAR_ID, "time_zone": "Europe/Berlin"}
BOOKING = {"date": TUESDAY, "time": "15:00", "title": "Haircut", "name": "Ada Lovelace"}


class Salon:
    """The tool during one call."""

    def __init__(self, tool: CodeTool, context: Context) -> None:
        self.tool = tool
        self.context = context

    async def __call__(self, function: str, **arguments: Any) -> Any:
        """What the model is told; raises `ToolError`."""
        valid = self.tool.validated(function, arguments)
        return await self.tool.call(function, valid, self.context)

    async def book(self, **other: object) -> dict[str, object]:
        """What Ada is told when she books."""
        answer: dict[str, object] = await self("create_event", **BOOKING | other)
        return answer


Open = Callable[..., Any]


@pytest.fixture(autouse=True)
def saturday() -> Iterator[time_machine.Traveller]:
    """Time goes on from then."""
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def open_salon(google: GoogleCalendar, call: Context) -> Open:
    """Opens the tool with other settings, or for another call."""

    @asynccontextmanager
    async def opened(context: Context = call, **config: Any) -> AsyncIterator[Salon]:
        secrets = {"service_account_key": google.key}
        tool = CodeTool(GoogleCalendarTool, CONFIG | config, secrets)
        await tool.setup()
        try:
            yield Salon(tool, context)
        finally:
            await tool.aclose()

    return opened


@pytest.fixture
async def salon(open_salon: Open) -> AsyncIterator[Salon]:
    """The tool as it is set up."""
    async with open_salon() as salon:
        yield salon
