"""Checks of the way from Twilio to LiveKit: the trunk, the rule, a call that rings."""

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from telephony_app.findings import Finding, Severity, bad, fine
from telephony_app.livekit import bridge, rooms
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.models import SipBridge
from telephony_app.sip import NotAnswered, SipCall

RING_SECONDS, ENTER_SECONDS, PATIENCE_SECONDS = 6, 3, 12
LOOK_SECONDS = 0.05
UNHEARD, REFUSED = (0, 408), (401, 403, 407)
REPAIR = (
    "Who runs the server presses Set up or repair on the page SIP bridge, or runs "
    "manage.py telephony_setup."
)
NOBODY = (
    "See that livekit-sip runs, that SIP_HOST and SIP_TRANSPORT name it as Twilio "
    "reaches it, and that the firewall lets this server in, too."
)


def check_bridge() -> Iterator[Finding]:
    """Trunk and rule are in LiveKit as they should be. What others left open there, and
    why it cannot be asked, is for who runs the server: the page of the SIP bridge says
    it."""
    for finding in bridge.set_up(dry_run=True):
        if finding.severity == Severity.CHANGED:
            yield bad(finding.words.replace("would be", "has to be"), REPAIR)
        elif finding.severity == Severity.BAD:
            yield bad(finding.words, REPAIR)
        elif finding.severity != Severity.WARNING:
            yield finding


def check_ringing() -> Iterator[Finding]:
    """A silent call of our own rings in a room that we made: the bridge is there, the
    password right, the rule leads to the room. Nobody is called into it."""
    room = f"agent-doctor-{secrets.token_hex(5)}"
    try:
        rooms.make_trial_room(room)
        try:
            yield asyncio.run(_ring(_call_to(room), room))
        finally:
            rooms.close_room(room)
    except LiveKitUnreachable as error:
        yield bad("No call could be tried.", str(error))


@sensitive_variables()
def _call_to(room: str) -> SipCall:
    stored = SipBridge.current()
    return SipCall(
        f"sip:{room}@{settings.SIP_HOST};transport={settings.SIP_TRANSPORT}",
        user=stored.username,
        password=stored.secrets.reveal()["password"],
        caller="doctor",
    )


async def _ring(call: SipCall, room: str) -> Finding:
    found = _refusal(0)
    with suppress(TimeoutError, OSError):
        # A bridge that lets a call ring for nothing does not answer its end, either.
        async with asyncio.timeout(PATIENCE_SECONDS), call:
            found = await _outcome(call, room)
    return found


async def _outcome(call: SipCall, room: str) -> Finding:
    try:
        await call.rings(seconds=RING_SECONDS)
    except NotAnswered as refused:
        return _refusal(refused.status)
    return await asyncio.to_thread(_arrival, room)


def _arrival(room: str) -> Finding:
    deadline = time.monotonic() + ENTER_SECONDS
    while time.monotonic() < deadline:
        if rooms.has_telephone(room):
            return fine("A silent call to the SIP bridge rang in its room.")
        time.sleep(LOOK_SECONDS)
    return bad("A call rings at the SIP bridge, but enters no room.", REPAIR)


def _refusal(status: int) -> Finding:
    where = f"{settings.SIP_HOST} ({settings.SIP_TRANSPORT})"
    if status in UNHEARD:
        return bad(f"The SIP bridge does not answer at {where}.", NOBODY)
    if status in REFUSED:
        return bad(f"The SIP bridge at {where} does not take our password.", REPAIR)
    return bad(f"The SIP bridge at {where} refuses calls with {status}.", REPAIR)
