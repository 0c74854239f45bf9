"""Methods that the model cannot be told: each must be refused at start."""

from enum import IntEnum
from typing import Any, Literal

from pydantic import BaseModel

from tools_app.base import RunContext

Context = RunContext[Any]


class Priority(IntEnum):
    LOW = 1
    HIGH = 2


class Tree(BaseModel):
    name: str
    children: list["Tree"] = []


class Refused:
    """Each is refused by LiveKit's plugin or by Gemini."""

    async def pair(self, context: Context, wrong: tuple[str, int]) -> None:
        """Take a pair."""

    async def tree(self, context: Context, wrong: Tree) -> None:
        """Take a tree."""

    async def anything(self, context: Context, wrong: Any) -> None:
        """Take anything."""

    async def mapping(self, context: Context, wrong: dict[str, int]) -> None:
        """Take a mapping."""

    async def bare_list(self, context: Context, wrong: list) -> None:  # type: ignore[type-arg]
        """Take a list of anything."""

    async def numbers(self, context: Context, wrong: Literal[1, 2]) -> None:
        """Take one or two."""

    async def ranks(self, context: Context, wrong: Priority) -> None:
        """Take a rank."""

    async def empty_text(self, context: Context, wrong: Literal["", "a"]) -> None:
        """Take a text that may be empty."""

    async def in_model(self, context: Context, wrong: list[dict[str, Any]]) -> None:
        """Take objects without a shape."""
