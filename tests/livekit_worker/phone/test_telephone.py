"""The telephone: when its line is open, and keys that the agent presses."""

import asyncio
from dataclasses import dataclass, field

import pytest
from livekit import rtc

from livekit_worker.phone import telephone as phone
from livekit_worker.phone.telephone import is_waiting, open_line, press
from telephony_app.livekit.rooms import PERSON

STANDARD = rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD


@dataclass
class Participant:
    """Somebody in the room."""

    attributes: dict[str, str]
    kind: int = phone.SIP
    identity: str = "sip_+15550001111"


@dataclass
class Keys:
    """The agent's side of the room: it notes which keys were pressed."""

    pressed: list[tuple[int, str]] = field(default_factory=list)

    async def publish_dtmf(self, *, code: int, digit: str) -> None:
        self.pressed.append((code, digit))


class Room(rtc.EventEmitter[str]):
    """A room with these participants, told by hand."""

    def __init__(self, *participants: Participant) -> None:
        super().__init__()
        self.remote_participants = dict(enumerate(participants))
        self.local_participant = Keys()


def line(status: str) -> Participant:
    """A telephone that is so far."""
    return Participant({"sip.callStatus": status})


def is_open(room: Room) -> "asyncio.Task[None]":
    """A wait for the line."""
    return asyncio.ensure_future(open_line(room))  # type: ignore[arg-type]


async def test_line_that_is_open_is_not_waited_for() -> None:
    await asyncio.wait_for(is_open(Room(line("active"))), 1)


async def test_line_is_waited_for_until_it_is_active() -> None:
    caller = line("ringing")
    room = Room(caller)
    waiting = is_open(room)
    await asyncio.sleep(0.05)
    assert not waiting.done()
    caller.attributes["sip.callStatus"] = "active"
    room.emit("participant_attributes_changed", caller.attributes, caller)
    await asyncio.wait_for(waiting, 1)


async def test_telephone_that_comes_with_an_open_line_is_not_waited_for_longer() -> (
    None
):
    room = Room()
    waiting = is_open(room)
    await asyncio.sleep(0.05)
    room.remote_participants[0] = line("active")
    room.emit("participant_connected", room.remote_participants[0])
    await asyncio.wait_for(waiting, 1)


async def test_line_that_was_open_only_has_to_be_there() -> None:
    await asyncio.wait_for(open_line(Room(line("ringing")), was_open=True), 1)  # type: ignore[arg-type]


async def test_person_whom_the_agent_called_is_not_the_callers_line() -> None:
    person = Participant({"sip.callStatus": "active"}, identity=f"{PERSON}1")
    waiting = is_open(Room(person))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    waiting.cancel()


async def test_browser_opens_no_line() -> None:
    waiting = is_open(Room(Participant({"sip.callStatus": "active"}, STANDARD)))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    waiting.cancel()


@pytest.mark.parametrize(
    ("room", "waits"),
    [
        (Room(line("ringing")), True),
        (Room(line("dialing")), True),
        (Room(line("active")), False),
        (Room(line("ringing"), line("active")), False),
        (Room(Participant({}, STANDARD)), False),
        (Room(), False),
    ],
)
def test_only_a_room_whose_telephones_all_ring_waits(room: Room, waits: bool) -> None:
    assert is_waiting(room) is waits  # type: ignore[arg-type]


async def test_keys_are_pressed_in_order_with_their_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phone, "KEY_SECONDS", 0)
    monkeypatch.setattr(phone, "PAUSE_SECONDS", 0)
    room = Room(line("active"))
    await press(room, "10w*#A")  # type: ignore[arg-type]
    pressed = [(1, "1"), (0, "0"), (10, "*"), (11, "#"), (12, "A")]
    assert room.local_participant.pressed == pressed
