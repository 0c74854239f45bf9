"""A telephone that another job rang: this one takes over, and never dials again."""

import asyncio

from livekit import rtc
from livekit.protocol.models import DisconnectReason

from livekit_worker.ending import End
from livekit_worker.phone.telephone import SIP, open_line, telephones
from telephony_app.livekit.rooms import WHY_LEFT, word_of
from telephony_app.models import Cause

Reason = rtc.DisconnectReason
# As long as a telephone that is being rung needs to appear in the room.
APPEAR_SECONDS = 5.0
NEVER_RANG = End(Cause.WORKER_LOST, detail="The worker died while it dialled.")


async def follow_line(room: rtc.Room) -> End | None:
    """Wait until somebody picks up the telephone; the end, when nobody did."""
    over: asyncio.Future[End | None] = asyncio.get_running_loop().create_future()

    def settle(end: End | None) -> None:
        if not over.done():
            over.set_result(end)

    def on_left(participant: rtc.RemoteParticipant) -> None:
        if participant.kind == SIP:
            settle(end_of_ringing(participant.disconnect_reason))

    room.on("participant_disconnected", on_left)
    opening = asyncio.create_task(open_line(room))
    opening.add_done_callback(lambda _: settle(None))
    try:
        await asyncio.wait([over], timeout=APPEAR_SECONDS)
        if not over.done() and not any(telephones(room)):
            return NEVER_RANG
        return await over
    finally:
        opening.cancel()
        room.off("participant_disconnected", on_left)


def end_of_ringing(reason: Reason.ValueType | None) -> End:
    """What it means that a telephone stopped to ring; a line that was closed from here
    is one that nobody picked up."""
    word = word_of(DisconnectReason, reason or 0)
    return End(WHY_LEFT.get(word, Cause.NO_ANSWER))
