"""A person in the room: who decides, and by what."""

import asyncio
from dataclasses import dataclass

import pytest
from livekit import rtc

from livekit_worker.transfer.person import Person


@dataclass(frozen=True)
class Participant:
    """Somebody in the room."""

    identity: str


@dataclass(frozen=True)
class Pressed:
    """A key."""

    digit: str
    participant: Participant | None


class Room(rtc.EventEmitter[str]):
    """A room in which people come, press keys and go, told by hand."""

    def presses(self, digit: str, identity: str | None) -> None:
        by = Participant(identity) if identity else None
        self.emit("sip_dtmf_received", Pressed(digit, by))

    def leaves(self, identity: str) -> None:
        self.emit("participant_disconnected", Participant(identity))


@pytest.mark.parametrize(("key", "takes_it"), [("1", True), ("2", False)])
async def test_key_decides(key: str, takes_it: bool) -> None:
    room = Room()
    person = Person(room)  # type: ignore[arg-type]
    with person.watched():
        room.presses("5", person.identity)
        room.presses(key, person.identity)
        assert await person.decides(seconds=1) is takes_it


async def test_who_hangs_up_does_not_take_the_call() -> None:
    room = Room()
    person = Person(room)  # type: ignore[arg-type]
    with person.watched():
        room.leaves(person.identity)
        assert not await person.decides(seconds=1)


@pytest.mark.parametrize("identity", ["sip_+12025550111", "person-other", None])
async def test_nobody_else_decides(identity: str | None) -> None:
    room = Room()
    person = Person(room)  # type: ignore[arg-type]
    with person.watched():
        room.presses("1", identity)
        with pytest.raises(asyncio.TimeoutError):
            await person.decides(seconds=0.05)


async def test_person_is_known_to_ring_once_there() -> None:
    room = Room()
    person = Person(room)  # type: ignore[arg-type]
    with person.watched():
        room.emit("participant_connected", Participant("sip_+12025550111"))
        assert not person.came.is_set()
        room.emit("participant_connected", Participant(person.identity))
        assert person.came.is_set()
