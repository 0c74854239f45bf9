"""Who leaves, who comes back, and what that means for the call."""

import asyncio
from dataclasses import dataclass, field

import pytest
from livekit import rtc

from livekit_worker import presence
from livekit_worker.ending import REBUILT, REPLACED, End, Ending, Handover
from livekit_worker.presence import Presence
from telephony_app.models import Cause

Reason = rtc.DisconnectReason
LOST = ["DUPLICATE_IDENTITY", "CONNECTION_TIMEOUT", "SIGNAL_CLOSE", "STATE_MISMATCH"]
AWAY = 0.2


@dataclass(frozen=True)
class Participant:
    """Somebody in the room."""

    identity: str = "web-1"
    kind: int = rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD
    disconnect_reason: int | None = None
    attributes: dict[str, str] = field(default_factory=dict)


class Room(rtc.EventEmitter[str]):
    """The events of a room, and the agent's connection to it."""

    connection_state = rtc.ConnectionState.CONN_CONNECTED


class Scene:
    """A room in which people come and go, told by hand."""

    def __init__(self) -> None:
        self.room = Room()
        self.ending = Ending()
        self.is_dialing, self.was_answered = False, True
        self.presence = Presence(
            self.room,  # type: ignore[arg-type]
            self.ending,
            was_answered=lambda: self.was_answered,
            is_dialing=lambda: self.is_dialing,
        )

    def joins(self, who: Participant) -> None:
        self.room.emit("participant_connected", who)

    def leaves(self, reason: str, identity: str = "web-1", **line: str) -> None:
        number = Reason.Value(reason)
        who = Participant(identity, disconnect_reason=number, attributes=line)
        self.room.emit("participant_disconnected", who)

    def is_closed(self, reason: str) -> None:
        self.room.emit("disconnected", Reason.Value(reason))

    @property
    def is_ending(self) -> bool:
        return self.ending._end.done()

    async def end(self) -> End | Handover:
        return await asyncio.wait_for(self.ending.wait(), 5 * AWAY)


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A room that keeps a lost caller's place for 0.2 s."""
    monkeypatch.setattr(presence, "DEPARTURE_SECONDS", AWAY)
    return Scene()


async def test_caller_who_hangs_up_ends_the_call_at_once(scene: Scene) -> None:
    scene.leaves("CLIENT_INITIATED")
    assert scene.is_ending
    assert await scene.end() == End(Cause.CALLER_HUNG_UP)


@pytest.mark.parametrize(
    ("status", "was_answered", "cause"),
    [
        ("ringing", False, Cause.NOT_ANSWERED),
        ("hangup", False, Cause.CALLER_HUNG_UP),
        # Of a bridge that had to join anew, which knows no better.
        ("ringing", True, Cause.CALLER_HUNG_UP),
    ],
)
async def test_telephone_tells_whether_it_rang_in_vain(
    scene: Scene, status: str, was_answered: bool, cause: Cause
) -> None:
    scene.was_answered = was_answered
    scene.leaves("CLIENT_INITIATED", **{"sip.callStatus": status})
    assert await scene.end() == End(cause)


@pytest.mark.parametrize("reason", LOST)
async def test_caller_who_was_lost_may_come_back(scene: Scene, reason: str) -> None:
    scene.leaves(reason)
    scene.joins(Participant())
    await asyncio.sleep(2 * AWAY)
    assert not scene.is_ending


@pytest.mark.parametrize("reason", LOST)
async def test_caller_who_stays_away_was_lost(scene: Scene, reason: str) -> None:
    scene.leaves(reason)
    assert not scene.is_ending
    end = await scene.end()
    assert isinstance(end, End)
    assert (end.cause, reason in end.detail) == (Cause.CALLER_LOST, True)


async def test_another_caller_does_not_stand_in_for_the_lost_one(scene: Scene) -> None:
    scene.leaves("CONNECTION_TIMEOUT")
    scene.joins(Participant("web-2"))
    end = await scene.end()
    assert isinstance(end, End)
    assert end.cause == Cause.CALLER_LOST


async def test_caller_who_came_back_and_hung_up_has_hung_up(scene: Scene) -> None:
    scene.leaves("SIGNAL_CLOSE")
    scene.joins(Participant())
    scene.leaves("CLIENT_INITIATED")
    assert await scene.end() == End(Cause.CALLER_HUNG_UP)


async def test_room_that_closes_while_the_caller_is_away_lost_the_caller(
    scene: Scene,
) -> None:
    scene.leaves("CONNECTION_TIMEOUT")
    scene.is_closed("ROOM_CLOSED")
    end = await scene.end()
    assert isinstance(end, End)
    assert end.cause == Cause.CALLER_LOST


async def test_job_that_lost_its_own_connection_hands_over(scene: Scene) -> None:
    scene.is_closed("SIGNAL_CLOSE")
    end = await scene.end()
    assert isinstance(end, Handover)
    assert end.problem


async def test_agent_that_is_lost_itself_takes_nobody_for_lost(scene: Scene) -> None:
    scene.room.connection_state = rtc.ConnectionState.CONN_RECONNECTING
    scene.leaves("UNKNOWN_REASON")
    await asyncio.sleep(2 * AWAY)
    assert not scene.is_ending


async def test_agent_whose_connection_was_made_anew_hands_over(scene: Scene) -> None:
    scene.room.emit("local_track_republished", None, "TR_before")
    assert await scene.end() is REBUILT


async def test_caller_who_is_put_through_may_leave_and_come_back(scene: Scene) -> None:
    with scene.presence.away():
        scene.leaves("CLIENT_INITIATED")
        scene.joins(Participant())
    assert not scene.is_ending


async def test_caller_who_left_for_nobody_has_hung_up(scene: Scene) -> None:
    with scene.presence.away():
        scene.leaves("CLIENT_INITIATED")
        assert not scene.is_ending
    assert await scene.end() == End(Cause.CALLER_HUNG_UP)


async def test_caller_who_came_back_may_hang_up(scene: Scene) -> None:
    with scene.presence.away():
        scene.leaves("CLIENT_INITIATED")
        scene.joins(Participant())
    scene.leaves("CLIENT_INITIATED")
    assert await scene.end() == End(Cause.CALLER_HUNG_UP)


async def test_room_closed_while_the_caller_is_with_a_person_ends_the_job(
    scene: Scene,
) -> None:
    with scene.presence.away():
        scene.leaves("CLIENT_INITIATED")
        scene.is_closed("ROOM_DELETED")
    assert await scene.end() == End(Cause.ROOM_CLOSED)


async def test_person_who_is_called_into_the_room_is_no_caller(scene: Scene) -> None:
    scene.joins(Participant("person-1"))
    scene.leaves("CLIENT_INITIATED", "person-1")
    assert not scene.is_ending


async def test_second_agent_replaces_this_one(scene: Scene) -> None:
    agent = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
    scene.joins(Participant("agent-2", agent))
    assert await scene.end() is REPLACED


async def test_telephone_that_is_being_rung_is_judged_by_who_dials(
    scene: Scene,
) -> None:
    scene.is_dialing = True
    scene.leaves("USER_REJECTED")
    assert not scene.is_ending
