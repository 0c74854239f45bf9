"""The telephone in a call: whether its line is open, and keys in both directions.

LiveKit's SIP bridge is a participant of the room. It lets the telephone ring until it
hears a voice there, and says by its attribute `sip.callStatus` that the line is open
(livekit-sip pkg/sip/inbound.go).
"""

import asyncio
from collections.abc import Iterator

from livekit import rtc

from telephony_app.livekit.rooms import LINE_STATUS, PERSON, RINGING

SIP = rtc.ParticipantKind.PARTICIPANT_KIND_SIP
# In the order of their codes: RFC 4733, section 3.2.
KEYS = "0123456789*#ABCD"
PAUSE = "w"
# The bridge holds a key for a quarter of a second.
KEY_SECONDS = 0.3
PAUSE_SECONDS = 0.5


def is_person(participant: rtc.RemoteParticipant) -> bool:
    """Whether it is somebody whom the agent called for the caller."""
    return participant.identity.startswith(PERSON)


def telephones(room: rtc.Room) -> Iterator[rtc.RemoteParticipant]:
    """The caller's lines in the room."""
    everybody = room.remote_participants.values()
    return (p for p in everybody if p.kind == SIP and not is_person(p))


def is_ringing(participant: rtc.RemoteParticipant) -> bool:
    """Whether nobody has picked up yet."""
    return participant.attributes.get(LINE_STATUS) in RINGING


def is_waiting(room: rtc.Room) -> bool:
    """Whether a telephone rings, so that nothing said now would be heard."""
    lines = list(telephones(room))
    return bool(lines) and all(is_ringing(line) for line in lines)


async def open_line(room: rtc.Room, *, was_open: bool = False) -> None:
    """Wait until somebody hears by telephone what is said in the room.

    A line that `was_open` only has to be there: a bridge that had to join the room anew
    no longer says that it is open.
    """
    opened = asyncio.Event()

    def look(*_: object) -> None:
        lines = telephones(room)
        if any(was_open or p.attributes.get(LINE_STATUS) == "active" for p in lines):
            opened.set()

    room.on("participant_attributes_changed", look)
    room.on("participant_connected", look)
    look()
    try:
        await opened.wait()
    finally:
        room.off("participant_attributes_changed", look)
        room.off("participant_connected", look)


async def press(room: rtc.Room, keys: str) -> None:
    """Press keys, one after the other; `w` waits half a second.

    Raises `rtc.PublishDTMFError` when the room does not take them.
    """
    for key in keys:
        if key == PAUSE:
            await asyncio.sleep(PAUSE_SECONDS)
            continue
        await room.local_participant.publish_dtmf(code=KEYS.index(key), digit=key)
        await asyncio.sleep(KEY_SECONDS)
