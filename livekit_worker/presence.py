"""Who is in the room: the caller, who may drop out and come back, and the agent."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from livekit import rtc

from livekit_worker.ending import (
    CLOSED,
    REBUILT,
    REPLACED,
    End,
    Ending,
    end_of_caller,
    end_of_connection,
)
from livekit_worker.phone.telephone import is_person, is_ringing
from telephony_app.livekit.rooms import DEPARTURE_SECONDS
from telephony_app.models import Cause

ConnectionState = rtc.ConnectionState
AGENT = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT


@dataclass(frozen=True)
class _Absence:
    """A caller who was lost: what that will mean, and when."""

    end: End
    timer: asyncio.TimerHandle


class Presence:
    """Ends the conversation when one of its sides is gone for good.

    A caller who hung up is. One whose connection was lost may join again under the
    same identity, as a browser does after a change of networks, for as long as LiveKit
    keeps the room. What becomes of a telephone that is being rung is told to who dials.
    """

    def __init__(
        self,
        room: rtc.Room,
        ending: Ending,
        *,
        was_answered: Callable[[], bool],
        is_dialing: Callable[[], bool],
    ) -> None:
        self._room = room
        self._ending = ending
        self._was_answered = was_answered
        self._is_dialing = is_dialing
        self._absences: dict[str, _Absence] = {}
        self._is_away = False
        self._left_for: End | None = None
        room.on("participant_connected", self._on_joined)
        room.on("participant_disconnected", self._on_left)
        room.on("disconnected", self._on_disconnected)
        # Sent for each track when the connection was made anew, not merely resumed.
        room.on("local_track_republished", self._on_rebuilt)

    @contextmanager
    def away(self) -> Iterator[None]:
        """While this lasts the caller may leave for a person, and come back. A caller
        who is gone afterwards has hung up."""
        self._is_away = True
        try:
            yield
        finally:
            self._is_away = False
            if self._left_for:
                self._ending.give(self._left_for)

    def _on_joined(self, participant: rtc.RemoteParticipant) -> None:
        """A second agent means that this job was given up: the newer one speaks."""
        if is_person(participant):
            return
        if participant.kind == AGENT:
            self._ending.give(REPLACED)
            return
        self._left_for = None
        if absence := self._absences.pop(participant.identity, None):
            absence.timer.cancel()

    def _on_left(self, participant: rtc.RemoteParticipant) -> None:
        is_caller = participant.kind != AGENT and not is_person(participant)
        if not is_caller or self._is_dialing() or self._is_lost_itself:
            return
        was_ringing = is_ringing(participant) and not self._was_answered()
        end = end_of_caller(participant.disconnect_reason, was_ringing=was_ringing)
        if self._is_away:
            self._left_for = end
        elif end.cause == Cause.CALLER_LOST:
            self._await(participant.identity, end)
        else:
            self._ending.give(end)

    @property
    def _is_lost_itself(self) -> bool:
        """Whether the agent lost its own connection, and so sight of everybody."""
        return self._room.connection_state == ConnectionState.CONN_RECONNECTING

    def _await(self, identity: str, end: End) -> None:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(DEPARTURE_SECONDS, self._ending.give, end)
        self._absences[identity] = _Absence(end, timer)

    def _on_rebuilt(self, *_: object) -> None:
        """A connection that the library made anew inside a running job may stay mute:
        negotiating its sound fails at times, and nobody is told."""
        self._ending.give(REBUILT)

    def _on_disconnected(self, reason: rtc.DisconnectReason.ValueType) -> None:
        """A room that LiveKit closes while the caller is awaited lost that caller."""
        if reason in CLOSED:
            for absence in self._absences.values():
                self._ending.give(absence.end)
        was_answered = self._was_answered()
        self._ending.give(end_of_connection(reason, was_answered=was_answered))
