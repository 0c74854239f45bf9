"""The cast of tools in a call: a front desk that books, looks up and misbehaves."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import pytest
from livekit.agents import AgentSession, RunContext, llm
from livekit.agents.voice import SpeechHandle

from livekit_worker.tools.request import Request, fingerprint
from tools_app.base import (
    BaseTool,
    Secret,
    ToolError,
    ToolMetadata,
    cacheable,
    side_effect,
)
from tools_app.code_tools.tool import CodeTool
from tools_app.running.tool import LoadedTool

Context = RunContext[Any]
Ask = Callable[..., Request]


class DeskTool(BaseTool):
    """A front desk: `log` is what it was really asked to do, in order."""

    metadata = ToolMetadata(name="Desk")

    def __init__(self, config: Any, secrets: Any) -> None:
        super().__init__(config, secrets)
        self.log: list[str] = []
        self.is_open = asyncio.Event()
        self.full: set[str] = set()
        self.setups_that_fail = 0

    async def setup(self) -> None:
        await asyncio.sleep(0.02)
        if self.setups_that_fail:
            self.setups_that_fail -= 1
            raise ConnectionError
        self.log.append("setup")

    async def aclose(self) -> None:
        self.log.append("aclose")

    async def look_up(self, context: Context, name: str, times: int = 1) -> str:
        """Look somebody up."""
        self.log.append(f"look up {name}")
        return f"{name} lives upstairs."

    @cacheable
    async def prices(self, context: Context, of: str = "all") -> dict[str, int]:
        """Tell the prices."""
        self.log.append(f"prices {of}")
        return {"room": 80}

    @side_effect
    async def book(self, context: Context, day: str) -> str:
        """Book a room for a day."""
        self.log.append(f"book {day}")
        if day in self.full:
            raise ToolError(f"The house is full on {day}.")
        return f"Booked for {day}."

    @side_effect
    async def cancel(self, context: Context, day: str) -> str:
        """Cancel the room of a day."""
        self.log.append(f"cancel {day}")
        return f"Cancelled {day}."

    @side_effect
    async def order(self, context: Context, dish: str) -> str:
        """Order a dish, which takes until the kitchen opens."""
        self.log.append(f"order {dish}")
        await self.is_open.wait()
        return f"{dish} is on its way."

    @side_effect
    async def pay(self, context: Context, card: Annotated[str, Secret()]) -> str:
        """Pay by card; the first try fails on the way."""
        self.log.append("pay")
        if self.log.count("pay") == 1:
            raise ToolError("The bank does not answer.", may_retry=True)
        return "Paid."

    @side_effect
    async def refuse(self, context: Context, day: str) -> str:
        """Say no."""
        self.log.append(f"refuse {day}")
        raise ToolError("That day is taken.", detail="HTTP 409")

    async def complain(self, context: Context, of: Annotated[str, Secret()]) -> str:
        """Echo what was given, in an error."""
        raise ToolError(f"{of} is wrong.", detail=f"HTTP 400: {of}")

    async def explode(self, context: Context) -> str:
        """Break with words that nobody should hear."""
        raise RuntimeError("https://example.test/?key=sesame-open-1234")

    async def hang(self, context: Context) -> str:
        """Answer never, and refuse to be stopped."""
        self.log.append("hang")
        while not self.is_open.is_set():
            try:
                await self.is_open.wait()
            except asyncio.CancelledError:
                self.log.append("not stopped")
        return ""

    async def nothing(self, context: Context) -> None:
        """Give nothing."""

    async def hang_up(self, context: Context) -> str:
        """End the call."""
        await context.userdata.control.hang_up()
        return "Goodbye."

    @side_effect
    async def put_through(self, context: Context, to: str) -> str:
        """Put the caller through."""
        await context.userdata.control.transfer("+12025550150", name=to)
        return f"{to} it is."


@pytest.fixture
def running() -> CodeTool:
    """The desk, as it runs in a call."""
    return CodeTool(DeskTool, {}, {})


@pytest.fixture
def desk(running: CodeTool) -> DeskTool:
    """The author's own object behind it."""
    tool = running._tool
    assert isinstance(tool, DeskTool)
    return tool


@pytest.fixture
def loaded(running: CodeTool) -> LoadedTool:
    """The desk in an agent's hands, with little time and few uses."""
    return LoadedTool(
        agent_tool_id=1,
        name="desk",
        key="desk",
        running=running,
        unselected_functions=frozenset({"nothing"}),
        timeout_seconds=1,
        max_per_call=5,
        max_per_minute=3,
    )


@pytest.fixture
def asked(loaded: LoadedTool) -> Ask:
    """A request for a function, validated."""

    def ask(function: str, **arguments: Any) -> Request:
        spec = next(s for s in loaded.running.specs if s.name == function)
        request = Request(loaded, spec, arguments, context(function))
        request.fingerprint = fingerprint(arguments)
        return request

    return ask


def context(function: str, *, call_id: str = "fc-1", userdata: Any = None) -> Context:
    """What LiveKit passes to a function, outside of any speech."""
    session = AgentSession[Any](vad=None, userdata=userdata)
    call = llm.FunctionCall(call_id=call_id, name=function, arguments="{}")
    return RunContext(
        session=session, speech_handle=SpeechHandle.create(), function_call=call
    )


async def run(request: Request) -> str:
    """The function itself, with nothing around it."""
    running, name = request.tool.running, request.spec.name
    return str(await running.call(name, request.arguments, request.context))


Layer = Callable[[Request], Awaitable[str]]
