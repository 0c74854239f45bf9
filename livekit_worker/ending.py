"""How a job's part in a call is over: the first reason given is the one that counts."""

import asyncio
from dataclasses import dataclass

from livekit import rtc
from livekit.protocol.models import DisconnectReason

from agents_app.config import LineName
from telephony_app.livekit.rooms import word_of
from telephony_app.models import Cause

Reason = rtc.DisconnectReason
CLOSED = (Reason.ROOM_DELETED, Reason.ROOM_CLOSED)


@dataclass(frozen=True)
class End:
    """Why the call ended, the line to say before hanging up, a detail for staff.

    In a room that is kept the caller goes on talking, with a person.
    """

    cause: Cause
    last_line: LineName | None = None
    detail: str = ""
    keeps_room: bool = False


@dataclass(frozen=True)
class Handover:
    """The job leaves and the call goes on with another one.

    `problem` tells staff why a new job is needed; it is empty when one has come.
    """

    problem: str = ""


REPLACED = Handover()
REBUILT = Handover("The agent's connection to the room had to be made anew.")


def is_voicemail(end: End | Handover) -> bool:
    """Whether a machine is on the line, which is only left a message."""
    return isinstance(end, End) and end.cause == Cause.VOICEMAIL


class Ending:
    """A promise of the end, kept once."""

    def __init__(self) -> None:
        self._end: asyncio.Future[End | Handover] = (
            asyncio.get_running_loop().create_future()
        )

    def give(self, end: End | Handover) -> None:
        """End for this reason, unless it is ending already."""
        if not self._end.done():
            self._end.set_result(end)

    async def wait(self) -> End | Handover:
        """The reason, once there is one."""
        return await asyncio.shield(self._end)


def end_of_caller(reason: Reason.ValueType | None, *, was_ringing: bool = False) -> End:
    """What a caller's departure means; of one that was lost the caller may come back.

    A telephone that still rings is given up by the SIP bridge; a caller who lets go
    meanwhile has hung up.
    https://docs.livekit.io/reference/client-sdk-js/enums/DisconnectReason.html
    """
    if was_ringing and reason == Reason.CLIENT_INITIATED:
        return End(Cause.NOT_ANSWERED)
    if reason in (Reason.CLIENT_INITIATED, Reason.USER_REJECTED):
        return End(Cause.CALLER_HUNG_UP)
    if reason in CLOSED:
        return End(Cause.ROOM_CLOSED)
    return End(Cause.CALLER_LOST, detail=f"LiveKit says {_name(reason)}.")


def end_of_connection(
    reason: Reason.ValueType | None, *, was_answered: bool
) -> End | Handover:
    """What the end of the job's own connection means.

    The room was closed by staff, or by LiveKit, which closes a room that nobody came
    to. Anything else lost the agent alone: the caller is still there.
    """
    if reason in CLOSED:
        return End(Cause.ROOM_CLOSED if was_answered else Cause.ABANDONED)
    return Handover(f"The agent's connection to the room was lost ({_name(reason)}).")


def _name(reason: Reason.ValueType | None) -> str:
    return word_of(DisconnectReason, reason or 0) or f"reason {reason}"


def broken(error: BaseException) -> End:
    """The end of a call in which something broke that nobody foresaw."""
    detail = f"{type(error).__name__}: the worker's log has the rest."
    return End(Cause.ERROR, "unavailable_message", detail)
