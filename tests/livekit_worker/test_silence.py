"""What happens when nobody speaks."""

import asyncio

import pytest
from livekit.agents import AgentStateChangedEvent, UserStateChangedEvent
from livekit.rtc import EventEmitter

from livekit_worker import silence
from livekit_worker.silence import Silence


class Listener:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def ask_whether_there(self) -> None:
        self.told.append("ask")

    async def let_go(self) -> None:
        self.told.append("let go")

    async def remind_model(self) -> None:
        self.told.append("remind")

    async def give_model_up(self) -> None:
        self.told.append("give up")


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    """Who is told; the watch looks more often than in a real call."""
    monkeypatch.setattr(silence, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(silence, "MODEL_PATIENCE_SECONDS", 0.1)
    return Listener()


async def watch_until(quiet: Silence, listener: Listener, told: list[str]) -> None:
    """Watch until exactly this was told."""
    task = asyncio.create_task(quiet.watch())
    try:
        async with asyncio.timeout(5):
            while listener.told != told:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    finally:
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
    session: EventEmitter[str] = EventEmitter()
    quiet.follow(session)  # type: ignore[arg-type]
    quiet.caller_spoke()
    speaking = AgentStateChangedEvent(old_state="listening", new_state="speaking")
    silent = AgentStateChangedEvent(old_state="speaking", new_state="listening")
    session.emit("agent_state_changed", speaking)
    session.emit("agent_state_changed", silent)
    await watch_until(quiet, listener, ["ask", "ask"])


async def test_nobody_is_asked_while_somebody_speaks(listener: Listener) -> None:
    quiet = Silence(0.05, listener)
    session: EventEmitter[str] = EventEmitter()
    quiet.follow(session)  # type: ignore[arg-type]
    speaking = UserStateChangedEvent(old_state="listening", new_state="speaking")
    session.emit("user_state_changed", speaking)
    task = asyncio.create_task(quiet.watch())
    await asyncio.sleep(0.3)
    task.cancel()
    assert listener.told == []
