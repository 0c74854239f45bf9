"""A package whose tool the processes of the `stack` have: the front desk of a hotel."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from tools_app.base import (
    BaseConfig,
    BaseSensitiveConfig,
    BaseTool,
    RunContext,
    Secret,
    ToolError,
    ToolMetadata,
    side_effect,
)

Context = RunContext[Any]
Date = Field(description="ISO date", json_schema_extra={"format": "date"})
Day = Annotated[str, Date]


class FrontDeskTool(BaseTool):
    """Books, answers, and misbehaves on demand. What really happened is in `book`."""

    class Config(BaseConfig):
        book: str
        seconds: float = 0
        is_locked: bool = False

    class SensitiveConfig(BaseSensitiveConfig):
        key: str = ""

    metadata = ToolMetadata(name="Front desk", description="A hotel's front desk.")

    async def setup(self) -> None:
        self._note("setup")
        if self.config.is_locked:
            raise ConnectionError(f"the key is {self.secrets.key}")

    async def aclose(self) -> None:
        self._note("aclose")

    @side_effect
    async def reserve_room(self, context: Context, day: Day, guests: int) -> str:
        """Reserve a room for a day."""
        self._note(f"begin {day} {guests}")
        await asyncio.sleep(self.config.seconds)
        self._note(f"end {day} {guests}")
        return f"Room seven is yours on {day}, for {guests}."

    async def get_room_price(self, context: Context) -> dict[str, int]:
        """Tell the price of a room."""
        await asyncio.sleep(self.config.seconds)
        return {"price": 80}

    async def pool_hours(self, context: Context) -> str:
        """Tell when the pool is open."""
        return "The pool is open until ten."

    @side_effect
    async def pay_bill(self, context: Context, card: Annotated[str, Secret()]) -> str:
        """Pay the bill by card."""
        self._note("paid")
        return "The bill is paid."

    async def full_house(self, context: Context) -> str:
        """Say that there is no room."""
        raise ToolError("The house is full.", detail="no rooms left")

    async def burst(self, context: Context) -> str:
        """Break."""
        raise RuntimeError(f"https://hotel.test/?key={self.secrets.key}")

    async def stall(self, context: Context) -> str:
        """Answer never."""
        await asyncio.sleep(3600)
        return ""

    async def flood(self, context: Context) -> str:
        """Give five megabytes."""
        return "All the guests are well. " * 200_000

    async def ring_bell(self, context: Context) -> None:
        """Give nothing."""

    async def end_call(self, context: Context) -> str:
        """End the call."""
        await context.userdata.control.hang_up()
        return "The call ends."

    async def transfer_call(self, context: Context) -> str:
        """Pass the call on to the manager."""
        await context.userdata.control.transfer("+15550100")
        return "Connected."

    async def secret_door(self, context: Context) -> str:
        """Open the door that nobody may open."""
        self._note("the door is open")
        return "The door is open."

    def _note(self, line: str) -> None:
        with Path(self.config.book).open("a") as book:
            book.write(f"{line}\n")
