"""A telephone that another job rang."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from livekit import rtc

from livekit_worker.ending import End
from livekit_worker.phone import following
from livekit_worker.phone import telephone as phone
from livekit_worker.phone.following import NEVER_RANG, end_of_ringing, follow_line
from telephony_app.models import Cause

Reason = rtc.DisconnectReason


@dataclass
class Telephone:
    """A line in the room."""

    attributes: dict[str, str]
    kind: int = phone.SIP
    disconnect_reason: int | None = None
    identity: str = "sip_+15550001111"


@dataclass
class Room(rtc.EventEmitter[str]):
    """A room with these lines, told by hand."""

    remote_participants: dict[int, Telephone] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def rings(self) -> Telephone:
        line = Telephone({"sip.callStatus": "ringing"})
        self.remote_participants[1] = line
        return line

    def leaves(self, line: Telephone, reason: str) -> None:
        line.disconnect_reason = Reason.Value(reason)
        self.emit("participant_disconnected", line)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line appears within a tenth of a second or never."""
    monkeypatch.setattr(following, "APPEAR_SECONDS", 0.1)


async def followed(room: Room) -> "asyncio.Task[End | None]":
    """A job that follows the line, and has begun to."""
    task = asyncio.create_task(follow_line(room))  # type: ignore[arg-type]
    await asyncio.sleep(0.02)
    return task


async def test_line_that_is_picked_up_is_taken_over() -> None:
    room = Room()
    line = room.rings()
    following_it = await followed(room)
    await asyncio.sleep(0.15)
    line.attributes["sip.callStatus"] = "active"
    room.emit("participant_attributes_changed", {}, line)
    assert await asyncio.wait_for(following_it, 5) is None


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("USER_UNAVAILABLE", Cause.NO_ANSWER),
        ("USER_REJECTED", Cause.DECLINED),
        ("SIP_TRUNK_FAILURE", Cause.PROVIDER_REFUSED),
        ("CLIENT_INITIATED", Cause.NO_ANSWER),
    ],
)
async def test_line_that_stops_to_ring_tells_why(reason: str, cause: Cause) -> None:
    room = Room()
    line = room.rings()
    following_it = await followed(room)
    room.leaves(line, reason)
    assert await asyncio.wait_for(following_it, 5) == End(cause)


async def test_line_that_never_rang_is_not_waited_for() -> None:
    assert await asyncio.wait_for(await followed(Room()), 5) == NEVER_RANG


def test_reason_newer_than_our_library_is_no_answer() -> None:
    unknown: Any = 99
    assert end_of_ringing(unknown).cause == Cause.NO_ANSWER
