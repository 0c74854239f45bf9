"""Who picked up the telephone, told by how they speak."""

import asyncio
from collections.abc import Callable

import pytest
from livekit import rtc
from livekit.agents import UserStateChangedEvent

from livekit_worker.phone import pickup
from livekit_worker.phone.pickup import Pickup, Who


class Line:
    """The other side of a call, whose clock is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pickup: Pickup
        self._session: rtc.EventEmitter[str] = rtc.EventEmitter()

    def opens(self) -> None:
        self.pickup = Pickup()
        self.pickup.follow(self._session)  # type: ignore[arg-type]
        self.pickup.begin()

    def speaks(self, seconds: float) -> None:
        """Say something, told by local voice activity."""
        self._tell("speaking")
        self.waits(seconds)
        self._tell("listening")

    def waits(self, seconds: float) -> None:
        self.now += seconds

    def _tell(self, state: str) -> None:
        event = UserStateChangedEvent(old_state="away", new_state=state)  # type: ignore[arg-type]
        self._session.emit("user_state_changed", event)

    @property
    def who(self) -> Who | None:
        """What is known by now."""
        return self.pickup._so_far()


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """A line that has just been opened."""
    found = Line()
    clock: Callable[[], float] = lambda: found.now  # noqa: E731
    monkeypatch.setattr(pickup, "monotonic", clock)
    found.opens()
    return found


def test_nothing_is_known_at_first(line: Line) -> None:
    line.waits(1.2)
    assert line.who is None


def test_who_says_nothing_waits_for_us(line: Line) -> None:
    line.waits(1.5)
    assert line.who == Who.PERSON


def test_hello_and_a_pause_are_a_person(line: Line) -> None:
    line.speaks(0.6)
    assert line.who is None
    line.waits(0.4)
    assert line.who == Who.PERSON


def test_companys_greeting_is_heard_to_its_end(line: Line) -> None:
    line.speaks(4)
    line.waits(1)
    assert line.who is None
    line.waits(0.3)
    assert line.who == Who.SPOKE


def test_long_speech_is_a_voicemail_before_it_ends(line: Line) -> None:
    line.speaks(2)
    line.waits(0.2)
    line.speaks(2)
    line.waits(0.5)
    line.speaks(1.5)
    assert line.who == Who.VOICEMAIL


def test_beep_is_a_voicemail_at_once(line: Line) -> None:
    line.pickup.beeped()
    assert line.who == Who.VOICEMAIL


def test_ringing_that_was_heard_before_is_no_speech(line: Line) -> None:
    line.speaks(9)
    line.pickup.begin()
    line.speaks(0.5)
    line.waits(0.5)
    assert line.who == Who.PERSON


async def test_message_waits_for_the_beep(line: Line) -> None:
    line.speaks(9)
    waiting = asyncio.create_task(line.pickup.may_speak())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    line.pickup.beeped()
    await asyncio.wait_for(waiting, 1)


async def test_voicemail_without_a_beep_is_told_its_message_after_a_pause(
    line: Line,
) -> None:
    line.speaks(9)
    waiting = asyncio.create_task(line.pickup.may_speak())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    line.waits(2.5)
    await asyncio.wait_for(waiting, 1)
