"""Putting the caller's own line through: Twilio rings the person, or the telephone
network is asked to (RFC 3515). Our part of the line is closed meanwhile.
"""

import asyncio
from contextlib import suppress

import aiohttp
from google.protobuf.duration_pb2 import Duration
from livekit import api, rtc
from livekit.agents import JobContext
from livekit.protocol.sip import SIPTransferStatus, TransferSIPParticipantRequest

from livekit_worker.orm import beside_database, in_database
from livekit_worker.phone.dialing import MEANINGS
from livekit_worker.phone.telephone import open_line, telephones
from livekit_worker.transfer.wish import Wish
from telephony_app.calls import transfers
from telephony_app.models import Call, Cause
from telephony_app.twilio import live_calls
from telephony_app.twilio.rest import TwilioRefused
from telephony_app.twilio.twiml import RINGING_SECONDS

SOURCE = "worker"
LEAVING_SECONDS = 2.0


async def redirect(room: rtc.Room, call: Call, wish: Wish) -> None:
    """Have Twilio ring the person instead of us; returns never: either the room is
    closed, because the person has the caller, or the caller is back (`ToolError`)."""
    lines = _sids(room)
    try:
        await beside_database(live_calls.put_through, call)
    except TwilioRefused as refused:
        words = str(refused)
        await in_database(transfers.come_back, call, words, source=SOURCE)
        raise wish.not_possible(words) from None
    await _until_back(room, lines)
    raise wish.not_reached(await in_database(transfers.why_back, call))


async def refer(ctx: JobContext, call: Call, wish: Wish) -> None:
    """Ask the caller's telephone, or its network, to ring the person instead of us.

    Returns once it says that it does; raises `ToolError` when it does not.
    """
    lines = _sids(ctx.room)
    why = await _ask(ctx, wish)
    if why and not (call.call_sid and await _leaves(ctx.room, lines)):
        await in_database(transfers.come_back, call, why, source=SOURCE)
        raise wish.not_reached(why)
    if call.call_sid:  # Twilio asks us what to do, and brings back who is not answered
        await _until_back(ctx.room, lines)
        raise wish.not_reached(await in_database(transfers.why_back, call))


async def _ask(ctx: JobContext, wish: Wish) -> str:
    """Send the REFER; why it came to nothing, empty when it went well."""
    is_sip = transfers.is_sip(wish.address)
    request = TransferSIPParticipantRequest(
        room_name=ctx.room.name,
        participant_identity=next(telephones(ctx.room)).identity,
        transfer_to=wish.address if is_sip else f"tel:{wish.address}",
        play_dialtone=True,
        ringing_timeout=Duration(seconds=RINGING_SECONDS),
    )
    try:
        answer = await ctx.api.sip.transfer_sip_participant(request)
    except (api.ServerError, aiohttp.ClientError, TimeoutError) as error:
        return _why(error)
    # A server that tells nothing of its transfers (1.13) raises when one fails.
    has_failed = answer.status != SIPTransferStatus.STS_TRANSFER_SUCCESSFUL
    return f"{Cause.NO_ANSWER.label}." if answer.transfer_id and has_failed else ""


def _why(error: Exception) -> str:
    status = error.sip_status_code if isinstance(error, api.SipCallError) else None
    cause = MEANINGS.get(status or 0, Cause.NO_ANSWER)
    return f"{cause.label}."


def _sids(room: rtc.Room) -> set[str]:
    """The lines that are there now; whoever comes back has another one."""
    return {line.sid for line in telephones(room)}


async def _leaves(room: rtc.Room, lines: set[str]) -> bool:
    """Whether those lines are closed after all: Twilio may take the caller before the
    bridge was told that all is well, which the bridge then reports as a failure."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVING_SECONDS):
            await _closed(room, lines)
            return True
    return False


async def _until_back(room: rtc.Room, lines: set[str]) -> None:
    """Wait until those lines are closed and the caller hears us by another one."""
    await _closed(room, lines)
    await open_line(room)


async def _closed(room: rtc.Room, lines: set[str]) -> None:
    closed = asyncio.Event()

    def look(*_: object) -> None:
        if not lines & _sids(room):
            closed.set()

    room.on("participant_disconnected", look)
    look()
    try:
        await closed.wait()
    finally:
        room.off("participant_disconnected", look)
