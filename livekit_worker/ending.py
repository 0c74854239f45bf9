"""How a conversation ends: the first reason given is the one that counts."""

import asyncio
from dataclasses import dataclass

from livekit import rtc

from agents_app.config import LineName
from telephony_app.models import Cause

Reason = rtc.DisconnectReason


@dataclass(frozen=True)
class End:
    """Why it ended, the line to say before hanging up, and a detail for staff."""

    cause: Cause
    last_line: LineName | None = None
    detail: str = ""


REPLACED = End(Cause.ROOM_CLOSED, detail="Another job took the call over.")


class Ending:
    """A promise of the conversation's end, kept once."""

    def __init__(self) -> None:
        self._end: asyncio.Future[End] = asyncio.get_running_loop().create_future()

    def give(self, end: End) -> None:
        """End the conversation for this reason, unless it is ending already."""
        if not self._end.done():
            self._end.set_result(end)

    @property
    def is_given(self) -> bool:
        """Whether the conversation is ending."""
        return self._end.done()

    async def wait(self) -> End:
        """The reason, once there is one."""
        return await asyncio.shield(self._end)


def end_of_caller(reason: Reason.ValueType | None) -> End:
    """What a caller's departure means.

    https://docs.livekit.io/reference/client-sdk-js/enums/DisconnectReason.html
    """
    if reason in (Reason.CLIENT_INITIATED, Reason.USER_REJECTED):
        return End(Cause.CALLER_HUNG_UP)
    if reason == Reason.ROOM_DELETED:
        return End(Cause.ROOM_CLOSED)
    name = Reason.Name(reason) if reason else "UNKNOWN_REASON"
    return End(Cause.CALLER_LOST, detail=f"LiveKit says {name}.")
