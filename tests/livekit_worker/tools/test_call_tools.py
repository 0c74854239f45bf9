"""The tools of a call as a whole: what the model is told, and the rows that remain."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from livekit.agents import FunctionToolsExecutedEvent, llm
from livekit.agents.voice import SpeechHandle
from livekit.rtc import EventEmitter

from livekit_worker.tools.call_tools import CallTools
from livekit_worker.tools.ledger import Ledger
from livekit_worker.tools.past import PastRequest, past_requests
from livekit_worker.transfer.wish import Wish
from livekit_worker.turn_writer import TurnWriter
from telephony_app.models import Call
from tests.livekit_worker.tools.conftest import DeskTool, context
from tools_app.models import AgentTool, Outcome, PlatformTool, ToolCall
from tools_app.redaction import MASK
from tools_app.running.tool import LoadedTool

API_KEY = "sesame-open-1234"

pytestmark = pytest.mark.django_db(transaction=True)


class Line:
    """Whose call it is: notes what is done to it."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say_filler(self) -> SpeechHandle | None:
        self.said.append("filler")
        return None

    async def say_farewell(self) -> None:
        self.said.append("farewell")

    def hang_up(self) -> None:
        self.said.append("click")

    async def put_through(self, wish: Wish, *, was_announced: bool) -> None:
        self.said.append(f"ringing {wish.name}")
        await asyncio.Event().wait()


async def until_ordered(desk: DeskTool) -> None:
    """Wait until the soup was ordered."""
    async with asyncio.timeout(5):
        while "order soup" not in desk.log:
            await asyncio.sleep(0.01)


async def until_sales_rings(talk: "Talk") -> None:
    """Ask to be put through to Sales, and wait until their telephone rings."""
    asking = asyncio.ensure_future(talk.asks("put_through", to="Sales"))
    async with asyncio.timeout(5):
        while "ringing Sales" not in talk.line.said:
            assert not asking.done(), asking.result()
            await asyncio.sleep(0.01)
    talk.tools.let_go()
    await asking


class Talk:
    """A call in which the model calls functions of the desk."""

    def __init__(
        self,
        tool: LoadedTool,
        writer: TurnWriter,
        past: tuple[PastRequest, ...] = (),
        job_id: str = "AJ_1",
    ) -> None:
        self.line = Line()
        self.tool = tool
        self.writer = writer
        self.tools = CallTools([tool], past, Ledger(writer, job_id=job_id), self.line)
        self.tools.open()
        self._calls = 0
        self.is_interrupted = False

    async def asks(self, function: str, **arguments: Any) -> str:
        """What the model is told, also as an error."""
        self._calls += 1
        tool = llm.ToolContext(self.tools.functions).function_tools[function]
        ctx = context(function, call_id=f"fc-{self._calls}", userdata=self)
        ctx.speech_handle._authorize_generation()
        ctx.speech_handle._mark_generation_done()
        if self.is_interrupted:
            ctx.speech_handle.interrupt()
        args, kwargs = llm.utils.prepare_function_arguments(
            fnc=tool, json_arguments=arguments, call_ctx=ctx
        )
        try:
            return str(await tool(*args, **kwargs))
        except llm.ToolError as error:
            return error.message

    async def rows(self) -> list[ToolCall]:
        """What is written down, in order."""
        await self.writer.flush(seconds=5)
        return await sync_to_async(list)(ToolCall.objects.all())

    async def taken_over(self) -> "Talk":
        """The same call in the hands of the next job."""
        await self.writer.flush(seconds=5)
        call = await Call.objects.aget(pk=self.writer.call_id)
        past = await sync_to_async(past_requests)(call)
        return Talk(self.tool, self.writer, past, job_id="AJ_2")

    @property
    def control(self) -> object:
        """The call as functions reach it."""
        return self.tools.control


@pytest.fixture
def avas_desk(call: Call) -> AgentTool:
    """The desk in the hands of the call's agent."""
    tool = PlatformTool.objects.create(key="desk", name="Desk")
    return AgentTool.objects.create(agent=call.agent, platform_tool=tool, name="desk")


@pytest.fixture
async def talk(
    call: Call, avas_desk: AgentTool, loaded: LoadedTool
) -> AsyncIterator[Talk]:
    """A call with the desk's functions."""
    writer = TurnWriter(call.pk)
    secrets = {"api_key": API_KEY}
    yield Talk(replace(loaded, agent_tool_id=avas_desk.pk, secrets=secrets), writer)
    await writer.flush(seconds=5)
    writer.stop()


async def test_call_is_written_down_with_its_result(
    talk: Talk, avas_desk: AgentTool
) -> None:
    assert await talk.asks("look_up", name="Ann") == "Ann lives upstairs."
    [row] = await talk.rows()
    assert (row.agent_tool_id, row.tool_name) == (avas_desk.pk, "desk")
    assert (row.function, row.arguments) == ("look_up", {"name": "Ann"})
    assert (row.outcome, row.result) == (Outcome.DONE, "Ann lives upstairs.")
    assert row.duration_ms is not None


async def test_half_a_character_and_a_zero_byte_do_not_lose_the_row(
    talk: Talk,
) -> None:
    assert await talk.asks("look_up", name="A\0nn \ud83d") == "Ann ? lives upstairs."
    [row] = await talk.rows()
    assert (row.outcome, row.arguments) == (Outcome.DONE, {"name": "Ann ?"})
    assert row.result == "Ann ? lives upstairs."


async def test_secret_argument_is_in_no_column(talk: Talk) -> None:
    await talk.asks("pay", card="4111 1111 1111 1111")
    [row] = await talk.rows()
    assert "4111" not in str(vars(row))
    assert row.error == "The bank does not answer."


async def test_secret_that_a_service_echoes_is_neither_told_nor_written(
    talk: Talk,
) -> None:
    told = await talk.asks("look_up", name=f"?key={API_KEY}")
    [row] = await talk.rows()
    assert told == row.result == f"?key={MASK} lives upstairs."


async def test_secret_in_an_error_is_neither_told_nor_written(talk: Talk) -> None:
    assert await talk.asks("complain", of=API_KEY) == f"{MASK} is wrong."
    [row] = await talk.rows()
    assert row.error == f"{MASK} is wrong. HTTP 400: {MASK}"


async def test_secret_argument_that_a_service_echoes_is_not_written(talk: Talk) -> None:
    assert await talk.asks("complain", of="918273") == "918273 is wrong."
    [row] = await talk.rows()
    assert row.error == f"{MASK} is wrong. HTTP 400: {MASK}"


async def test_wrong_arguments_are_told_and_written_down(talk: Talk) -> None:
    words = await talk.asks("look_up")
    [row] = await talk.rows()
    assert "name is missing" in words
    assert (row.outcome, row.error) == (Outcome.INVALID, words)


async def test_unforeseen_error_is_kind_and_place_in_the_row_and_in_the_log(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    assert await talk.asks("explode") == "This does not work at the moment."
    [row] = await talk.rows()
    assert row.outcome == Outcome.BROKEN
    assert row.error.startswith("RuntimeError in conftest.py, line")
    assert "desk.explode broke: RuntimeError at" in caplog.text
    assert "sesame" not in caplog.text + row.error


async def test_words_and_detail_of_a_failure_are_in_the_row(talk: Talk) -> None:
    assert await talk.asks("refuse", day="Monday") == "That day is taken."
    [row] = await talk.rows()
    assert (row.outcome, row.error) == (Outcome.FAILED, "That day is taken. HTTP 409")


async def test_function_that_takes_too_long_is_written_down(
    talk: Talk, desk: DeskTool
) -> None:
    await talk.asks("hang")
    desk.is_open.set()
    [row] = await talk.rows()
    assert row.outcome == Outcome.TIMED_OUT
    assert "longer than 1 second" in row.error


async def late(talk: Talk) -> ToolCall:
    """The one row, once its function has ended after all."""
    async with asyncio.timeout(5):
        while not (row := (await talk.rows())[0]).result:
            await asyncio.sleep(0.01)
    return row


async def test_late_side_effect_keeps_its_result_in_its_row(
    talk: Talk, desk: DeskTool
) -> None:
    await talk.asks("order", dish="soup")
    desk.is_open.set()
    row = await late(talk)
    assert (row.outcome, row.result) == (Outcome.TIMED_OUT, "soup is on its way.")
    assert "It went through after " in row.error


async def test_repeated_side_effect_has_a_row_that_says_so(talk: Talk) -> None:
    for _ in range(2):
        await talk.asks("book", day="Monday")
    first, second = await talk.rows()
    assert (first.was_repeated, second.was_repeated) == (False, True)
    assert first.fingerprint == second.fingerprint != ""


async def test_next_job_tries_a_passing_failure_again(talk: Talk) -> None:
    assert await talk.asks("pay", card="4111") == "The bank does not answer."
    next_job = await talk.taken_over()
    assert await next_job.asks("pay", card="4111") == "Paid."


async def test_next_job_keeps_its_hands_from_other_failures(
    talk: Talk, desk: DeskTool
) -> None:
    await talk.asks("refuse", day="Monday")
    next_job = await talk.taken_over()
    assert "must not be tried again" in await next_job.asks("refuse", day="Monday")
    assert desk.log.count("refuse Monday") == 1


async def test_next_job_puts_through_whom_its_predecessor_died_with(
    talk: Talk,
) -> None:
    await until_sales_rings(talk)
    later = await talk.taken_over()
    await until_sales_rings(later)


async def test_hanging_up_that_the_caller_spoke_over_came_to_nothing(
    talk: Talk,
) -> None:
    talk.is_interrupted = True
    assert "the call goes on" in await talk.asks("hang_up")
    [row] = await talk.rows()
    assert (row.outcome, row.result) == (Outcome.FAILED, "")
    assert row.error == "The caller went on speaking, so the call goes on."
    assert talk.line.said == []


async def test_side_effect_is_stored_before_it_happens(
    talk: Talk, desk: DeskTool
) -> None:
    asking = asyncio.ensure_future(talk.asks("order", dish="soup"))
    await until_ordered(desk)
    row = await sync_to_async(ToolCall.objects.get)()
    assert (row.outcome, bool(row.fingerprint)) == (Outcome.RUNNING, True)
    desk.is_open.set()
    await asking


async def test_tool_taken_from_its_agent_during_a_call_leaves_its_row(
    talk: Talk, desk: DeskTool, avas_desk: AgentTool
) -> None:
    asking = asyncio.ensure_future(talk.asks("order", dish="soup"))
    await until_ordered(desk)
    await sync_to_async(avas_desk.delete)()
    desk.is_open.set()
    await asking
    [row] = await talk.rows()
    assert (row.outcome, row.agent_tool_id) == (Outcome.DONE, None)


async def test_row_of_a_tool_that_is_gone_already_is_written_without_it(
    talk: Talk, avas_desk: AgentTool
) -> None:
    await sync_to_async(avas_desk.delete)()
    await talk.asks("look_up", name="Ann")
    [row] = await talk.rows()
    assert (row.outcome, row.tool_name) == (Outcome.DONE, "desk")
    assert row.agent_tool_id is None


async def test_unknown_function_has_a_row(talk: Talk) -> None:
    session: EventEmitter[str] = EventEmitter()
    talk.tools.follow(session)  # type: ignore[arg-type]
    call = llm.FunctionCall(call_id="x", name="fly", arguments='{"pin": "4711"}')
    output = llm.FunctionCallOutput(
        call_id="x", name="fly", output="Unknown function: fly", is_error=True
    )
    event = FunctionToolsExecutedEvent(
        function_calls=[call], function_call_outputs=[output]
    )
    session.emit("function_tools_executed", event)
    [row] = await talk.rows()
    assert (row.function, row.outcome) == ("fly", Outcome.REFUSED)
    assert (row.error, row.arguments) == ("Unknown function: fly", {"pin": "••••"})


async def test_nobody_waits_for_a_function_once_the_call_is_over(
    talk: Talk, desk: DeskTool
) -> None:
    asking = asyncio.ensure_future(talk.asks("order", dish="soup"))
    await until_ordered(desk)
    talk.tools.let_go()
    assert await asking == "The call is over."
    desk.is_open.set()
    await talk.tools.aclose()
    [row] = await talk.rows()
    assert (row.outcome, row.result) == (Outcome.DONE, "soup is on its way.")
    assert desk.log[-1] == "aclose"


async def test_function_waits_until_its_tool_is_open(
    talk: Talk, desk: DeskTool
) -> None:
    await talk.asks("look_up", name="Ann")
    assert desk.log == ["setup", "look up Ann"]
