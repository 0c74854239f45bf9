"""What happens when nobody speaks."""

import asyncio

import pytest
from livekit.agents import (
    AgentStateChangedEvent,
    ToolCallEnded,
    ToolCallStarted,
    ToolExecutionUpdatedEvent,
    UserStateChangedEvent,
    llm,
)
from livekit.rtc import EventEmitter

from livekit_worker import silence
from livekit_worker.silence import STALL_SECONDS, Silence


class Listener:
    """Notes what it is told, and watches no longer once that is what was awaited."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.awaited: list[str] | None = None
        self.quiet = 0.0

    def _hear(self, word: str) -> None:
        self.told.append(word)
        watching = asyncio.current_task()
        if watching and self.told == self.awaited:
            watching.cancel()

    def quiet_seconds(self) -> float:
        return self.quiet

    async def ask_whether_there(self) -> None:
        self._hear("ask")

    async def let_go(self) -> None:
        self._hear("let go")

    async def remind_model(self) -> None:
        self._hear("remind")

    async def give_model_up(self) -> None:
        self._hear("give up")


def agent_speaks(session: EventEmitter[str]) -> None:
    """Tell that the agent began to speak."""
    event = AgentStateChangedEvent(old_state="listening", new_state="speaking")
    session.emit("agent_state_changed", event)


def agent_listens(session: EventEmitter[str]) -> None:
    """Tell that the agent stopped to speak."""
    event = AgentStateChangedEvent(old_state="speaking", new_state="listening")
    session.emit("agent_state_changed", event)


def followed(quiet: Silence) -> EventEmitter[str]:
    """A session whose events the silence hears."""
    session: EventEmitter[str] = EventEmitter()
    quiet.follow(session)  # type: ignore[arg-type]
    return session


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    """Who is told; the watch looks more often than in a real call."""
    monkeypatch.setattr(silence, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(silence, "MODEL_PATIENCE_SECONDS", 0.1)
    return Listener()


async def watch_until(quiet: Silence, listener: Listener, told: list[str]) -> None:
    """Watch until exactly this was told."""
    listener.awaited = told
    task = asyncio.create_task(quiet.watch())
    await asyncio.wait([task], timeout=5)
    task.cancel()
    assert listener.told == told


async def watch_for(quiet: Silence, *, seconds: float) -> None:
    """Watch this long, whatever comes of it."""
    task = asyncio.create_task(quiet.watch())
    await asyncio.sleep(seconds)
    task.cancel()


async def test_silent_caller_is_asked_and_then_let_go(listener: Listener) -> None:
    await watch_until(Silence(0.1, listener), listener, ["ask", "let go"])


async def test_silent_model_is_reminded_and_then_given_up(listener: Listener) -> None:
    quiet = Silence(60, listener)
    quiet.caller_spoke()
    await watch_until(quiet, listener, ["remind", "give up"])


async def test_caller_who_speaks_again_is_asked_anew(listener: Listener) -> None:
    quiet = Silence(0.1, listener)
    await watch_until(quiet, listener, ["ask"])
    session = followed(quiet)
    quiet.caller_spoke()
    agent_speaks(session)
    agent_listens(session)
    await watch_until(quiet, listener, ["ask", "ask"])


async def test_nobody_is_asked_while_somebody_speaks(listener: Listener) -> None:
    quiet = Silence(0.05, listener)
    session = followed(quiet)
    speaking = UserStateChangedEvent(old_state="listening", new_state="speaking")
    session.emit("user_state_changed", speaking)
    await watch_for(quiet, seconds=0.3)
    assert listener.told == []


async def test_caller_who_presses_keys_is_there(listener: Listener) -> None:
    quiet = Silence(1.5, listener)
    task = asyncio.create_task(quiet.watch())
    for _ in range(8):
        await asyncio.sleep(0.25)
        quiet.caller_stirred()
    task.cancel()
    assert listener.told == []


async def make_noise(session: EventEmitter[str]) -> None:
    """Tell of voice activity, on and off, without end."""
    while True:
        for old, new in (("listening", "speaking"), ("speaking", "listening")):
            event = UserStateChangedEvent(old_state=old, new_state=new)  # type: ignore[arg-type]
            session.emit("user_state_changed", event)
            await asyncio.sleep(0.02)


async def test_noise_does_not_keep_a_silent_model_from_being_given_up(
    listener: Listener,
) -> None:
    quiet = Silence(60, listener)
    noise = asyncio.create_task(make_noise(followed(quiet)))
    quiet.caller_spoke()
    await watch_until(quiet, listener, ["remind", "give up"])
    noise.cancel()


async def test_agent_that_is_heard_may_speak_for_long(listener: Listener) -> None:
    quiet = Silence(0.05, listener)
    agent_speaks(followed(quiet))
    listener.quiet = STALL_SECONDS - 0.1
    await watch_for(quiet, seconds=0.3)
    assert listener.told == []


async def stalled(quiet: Silence, listener: Listener) -> EventEmitter[str]:
    """The session of a model that fell silent in mid-answer, and was reminded."""
    session = followed(quiet)
    agent_speaks(session)
    listener.quiet = STALL_SECONDS
    await watch_until(quiet, listener, ["remind"])
    agent_listens(session)
    return session


async def test_model_that_stalls_in_mid_answer_is_reminded_and_then_given_up(
    listener: Listener,
) -> None:
    quiet = Silence(60, listener)
    session = await stalled(quiet, listener)
    agent_speaks(session)
    await watch_until(quiet, listener, ["remind", "give up"])


async def test_model_that_stalls_again_after_an_answer_is_reminded_again(
    listener: Listener,
) -> None:
    quiet = Silence(60, listener)
    session = await stalled(quiet, listener)
    listener.quiet = 0
    agent_speaks(session)
    agent_listens(session)
    listener.quiet = STALL_SECONDS
    agent_speaks(session)
    await watch_until(quiet, listener, ["remind", "remind"])


async def test_model_that_stays_silent_after_a_stall_is_given_up(
    listener: Listener,
) -> None:
    quiet = Silence(60, listener)
    await stalled(quiet, listener)
    await watch_until(quiet, listener, ["remind", "give up"])


def function_runs(session: EventEmitter[str], call_id: str) -> None:
    """Tell that a function began."""
    call = llm.FunctionCall(call_id=call_id, name="book", arguments="{}")
    started = ToolCallStarted(function_call=call)
    session.emit("tool_execution_updated", ToolExecutionUpdatedEvent(update=started))


def function_ended(session: EventEmitter[str], call_id: str) -> None:
    """Tell that a function ended."""
    ended = ToolCallEnded(id=call_id, call_id=call_id, message="", status="done")
    session.emit("tool_execution_updated", ToolExecutionUpdatedEvent(update=ended))


async def test_nobody_is_asked_nor_reminded_while_a_function_runs(
    listener: Listener,
) -> None:
    quiet = Silence(0.1, listener)
    session = followed(quiet)
    quiet.caller_spoke()
    function_runs(session, "one")
    function_runs(session, "two")
    function_ended(session, "one")
    await watch_for(quiet, seconds=0.4)
    assert listener.told == []


async def test_model_owes_an_answer_once_its_function_ended(
    listener: Listener,
) -> None:
    quiet = Silence(60, listener)
    session = followed(quiet)
    function_runs(session, "one")
    function_ended(session, "one")
    await watch_until(quiet, listener, ["remind", "give up"])
