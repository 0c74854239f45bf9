"""A call that comes in from the telephone: its row, its place, its room."""

from django.db import IntegrityError

from accounts.models import Organization
from telephony_app.calls.opening import end_call
from telephony_app.calls.places import take_place
from telephony_app.livekit import rooms
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.models import Call, Cause, PhoneNumber

SOURCE = "twilio"
LONGEST_NAME = 64


def take_call(
    call_sid: str,
    *,
    caller: str,
    callee: str,
    number: PhoneNumber | None,
    organization: Organization,
) -> Call:
    """The call's row: open with its room on the way, or ended with the reason.

    Twilio asks again when an answer is slow to come, also while the first request is
    still at work: of one call there is one row and one room, whoever comes first.
    """
    call = _new(call_sid, number, organization)
    call.caller, call.callee = caller[:LONGEST_NAME], callee[:LONGEST_NAME]
    try:
        take_place(call, source=SOURCE, is_dispatched=True)
    except IntegrityError:
        return Call.objects.get(call_sid=call_sid, organization=organization)
    if not call.cause:
        _make_room(call)
    return call


def _new(call_sid: str, number: PhoneNumber | None, organization: Organization) -> Call:
    agent = number.agent if number and number.is_active else None
    dialled = number.number if number else "unknown"
    return Call(
        organization=organization,
        agent=agent,
        version=agent.published_version if agent else None,
        direction=Call.Direction.INBOUND,
        phone_number=number,
        call_sid=call_sid,
        room=rooms.room_name(agent.pk if agent else 0, dialled, secret_of=call_sid),
    )


def _make_room(call: Call) -> None:
    """Make the room and call the agent into it.

    A LiveKit that is slow may still carry the call: the bridge then makes the room
    itself, and its rule calls the agent. One that cannot be reached would let the
    caller ring in vain.
    """
    try:
        rooms.make_room(call.room, call.pk, departure_seconds=rooms.AWAY_SECONDS)
    except LiveKitUnreachable as error:
        if not isinstance(error.__cause__, TimeoutError):
            cause = Cause.LIVEKIT_UNREACHABLE
            end_call(call, cause, source=SOURCE, detail=str(error))
