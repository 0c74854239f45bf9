"""What a tool call costs besides the tool: all layers, the library's own path, none."""

import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from livekit.agents import AgentSession, RunContext, llm
from livekit.agents.llm.utils import prepare_function_arguments
from livekit.agents.voice import SpeechHandle

from livekit_worker.tools.call_tools import CallTools
from livekit_worker.tools.ledger import Ledger
from livekit_worker.tools.wrapping import wrapped
from livekit_worker.turn_writer import TurnWriter
from telephony_app.models import Call
from tests.benchmarks.arms import Arm
from tests.benchmarks.equipment import make_agent
from tests.benchmarks.row import Goal, Row, Sample, median
from tools_app.base import BaseTool, ToolMetadata
from tools_app.code_tools.compiling import compiled
from tools_app.code_tools.tool import CodeTool
from tools_app.models import AgentTool, Kind
from tools_app.running.tool import LoadedTool

CALLS_PER_ROUND = 100
OFTEN = 1_000_000
ARGUMENTS = '{"city": "Lisbon", "days": 3}'
CHEAP = Goal("p50 <= 60 µs", lambda a, _: median(a) <= 60)
CHEAPER = Goal("less than the library's", lambda a, b: median(a) < median(b))
Invoke = Callable[[], Awaitable[object]]


class WeatherTool(BaseTool):
    """A tool that does nothing, so that everything else shows."""

    metadata = ToolMetadata(name="Weather")

    async def forecast(
        self,
        context: RunContext[Any],
        city: str,
        days: int = 1,
        note: str | None = None,
    ) -> str:
        """Tell the weather.

        Args:
            city: Where.
            days: How many days ahead.
            note: Anything else.
        """
        return city


class Nobody:
    """A call in which nothing is said."""

    def say_filler(self) -> None:
        """Say nothing."""

    async def say_farewell(self) -> None:
        """Say nothing."""

    def hang_up(self) -> None:
        """Stay."""


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """All paths in turn, in this process; the arms have no part in it."""
    call, tool = await sync_to_async(_make_rows)()
    writer = TurnWriter(call.pk)
    tools = CallTools([_loaded(tool)], (), Ledger(writer, job_id="bench"), Nobody())
    tools.open()
    every: dict[str, Sample] = {}
    paths = {
        "layers": _through(tools.functions[0]),
        "validated": _through(wrapped([_loaded(tool)], _validated)[0]),
        "stock": _through(llm.function_tool(WeatherTool(None, None).forecast)),
        "direct": _direct,
    }
    for _ in range(rounds):
        for name, invoke in paths.items():
            every.setdefault(name, []).extend(await _microseconds(invoke))
            await writer.flush(seconds=10)
    await tools.aclose()
    writer.stop()
    return _rows(**every)


def _rows(
    layers: Sample, validated: Sample, stock: Sample, direct: Sample
) -> list[Row]:
    library, bare = "; peer: library", "; peer: direct coroutine and Pydantic"
    checked, all_layers = "Tool call, validated", "Tool call, all layers and its row"
    return [
        Row(checked + library, "µs", validated, stock, CHEAP),
        Row(checked + bare, "µs", validated, direct, digits=1),
        Row(all_layers + library, "µs", layers, stock, CHEAPER),
        Row(all_layers + bare, "µs", layers, direct, digits=1),
    ]


def _make_rows() -> tuple[Call, AgentTool]:
    agent = make_agent("Tool calls", Kind.MCP)
    call = Call.objects.create(
        organization=agent.organization,
        agent=agent,
        version=agent.published_version,
        direction=Call.Direction.WEB,
        room=uuid.uuid4().hex,
    )
    return call, agent.tools.all()[0]


def _loaded(tool: AgentTool) -> LoadedTool:
    return LoadedTool(
        agent_tool_id=tool.pk,
        name="weather",
        key="weather",
        running=CodeTool(WeatherTool, {}, {}),
        unselected_functions=frozenset(),
        timeout_seconds=10,
        max_per_call=OFTEN,
        max_per_minute=OFTEN,
    )


async def _validated(request: Any) -> str:
    """Validation and the method, no other layer."""
    running, name = request.tool.running, request.spec.name
    arguments = running.validated(name, request.arguments)
    return str(await running.call(name, arguments, request.context))


def _through(function: Any) -> Invoke:
    """As the library calls a function: it reads the arguments, then calls."""
    session: AgentSession[None] = AgentSession(userdata=None)

    async def invoke() -> object:
        call = llm.FunctionCall(
            call_id=uuid.uuid4().hex, name="forecast", arguments=ARGUMENTS
        )
        context = RunContext(
            session=session, speech_handle=SpeechHandle.create(), function_call=call
        )
        args, kwargs = prepare_function_arguments(
            fnc=function, json_arguments=ARGUMENTS, call_ctx=context
        )
        return await function(*args, **kwargs)

    return invoke


async def _direct() -> object:
    """What nobody can do for less: read and check the arguments, call the method."""
    model = compiled(WeatherTool)["forecast"].arguments
    arguments = model.model_validate_json(ARGUMENTS).__dict__
    context: Any = None
    return await WeatherTool(None, None).forecast(context, **arguments)


async def _microseconds(invoke: Invoke) -> Sample:
    await invoke()
    sample = []
    for _ in range(CALLS_PER_ROUND):
        began = time.perf_counter()
        await invoke()
        sample.append((time.perf_counter() - began) * 1e6)
    return sample
