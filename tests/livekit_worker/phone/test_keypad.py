"""Single keys become what the caller keyed in."""

import asyncio

import pytest
from livekit import rtc

from livekit_worker.phone import keypad
from livekit_worker.phone.keypad import Keypad

PAUSE, LONG_PAUSE = 0.1, 1.5


class Caller:
    """Somebody with a telephone, and what came of the keys."""

    def __init__(self) -> None:
        self.room: rtc.EventEmitter[str] = rtc.EventEmitter()
        self.stirred = 0
        self.told: list[str] = []
        Keypad(self.room, on_key=self._stir, on_number=self.told.append)  # type: ignore[arg-type]

    def _stir(self) -> None:
        self.stirred += 1

    def presses(self, keys: str) -> None:
        for key in keys:
            self.room.emit("sip_dtmf_received", rtc.SipDTMF(code=0, digit=key))


@pytest.fixture
async def caller(monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Somebody whose pauses are short."""
    monkeypatch.setattr(keypad, "PAUSE_SECONDS", PAUSE)
    return Caller()


async def test_pause_ends_a_number(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine that is busy takes its time between two keys, too.
    monkeypatch.setattr(keypad, "PAUSE_SECONDS", LONG_PAUSE)
    caller.presses("47")
    await asyncio.sleep(LONG_PAUSE / 10)
    caller.presses("11")
    assert caller.told == []
    await asyncio.sleep(2 * LONG_PAUSE)
    assert caller.told == ["4711"]


async def test_hash_ends_a_number_at_once(caller: Caller) -> None:
    caller.presses("4711#12#")
    assert caller.told == ["4711", "12"]
    await asyncio.sleep(2 * PAUSE)
    assert caller.told == ["4711", "12"]


async def test_hash_alone_is_a_choice(caller: Caller) -> None:
    caller.presses("#")
    await asyncio.sleep(2 * PAUSE)
    assert caller.told == ["#"]


async def test_each_key_shows_that_the_caller_is_there(caller: Caller) -> None:
    caller.presses("471")
    assert caller.stirred == 3
