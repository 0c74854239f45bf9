"""A call as tools see it, and what they did to it."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tools_app.base import CallContext, RunContext, ToolError

CALLER = "+4930123456"


class Line:
    """The line of a call: it remembers what was wanted of it."""

    def __init__(self, *, can_transfer: bool = True) -> None:
        self.was_hung_up = False
        self.pressed = ""
        self.transferred_to: list[str] = []
        self.said: dict[str, str] = {}
        self._can_transfer = can_transfer

    async def hang_up(self) -> None:
        """Note it."""
        self.was_hung_up = True

    async def press(self, keys: str) -> None:
        """Note them."""
        self.pressed += keys

    async def transfer(self, address: str, **said: str) -> None:
        """Note it, or refuse as a call does that cannot be passed on."""
        if not self._can_transfer:
            raise ToolError("This call comes from a browser.")
        self.transferred_to.append(address)
        self.said = said


class Context(RunContext[CallContext]):
    """A `RunContext` with the call alone, which is all that these tools look at."""

    def __init__(self, call: CallContext) -> None:
        self._call = call

    @property
    def userdata(self) -> CallContext:
        """The call."""
        return self._call


CallOf = Callable[..., Context]


@pytest.fixture
def line() -> Line:
    """The line of Ava's call."""
    return Line()


@pytest.fixture
def call_of(line: Line) -> CallOf:
    """Makes a call of somebody with Ava."""

    def make(caller: str = CALLER, **fields: Any) -> Context:
        values = {
            "call_id": uuid.uuid4(),
            "agent_id": 1,
            "agent_name": "Ava",
            "organization_id": 1,
            "language": "en-US",
            "caller": caller,
            "control": line,
        }
        return Context(CallContext(**values | fields))

    return make


@pytest.fixture
def call(call_of: CallOf) -> Iterator[Context]:
    """A call with Ava."""
    yield call_of()
