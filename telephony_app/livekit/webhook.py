"""LiveKit's webhook: what happened in a room becomes events of the call in it.

LiveKit posts again on an error and may post out of order, so every report counts once
and the call's state is computed from all of them (`lifecycle`).
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from telephony_app.calls.lifecycle import happened, record
from telephony_app.calls.transfers import close_room
from telephony_app.livekit.rooms import (
    RINGING,
    WHY_LEFT,
    RoomReport,
    verified_webhook,
)
from telephony_app.models import Call, CallEvent, Cause

Kind = CallEvent.Kind
CALLERS = {"STANDARD", "SIP"}
LEFT = {"participant_left", "participant_connection_aborted"}
# Reasons of an agent's leaving that belong to an orderly end.
ORDERLY = {"CLIENT_INITIATED", "ROOM_DELETED", "ROOM_CLOSED"}
# Reasons of a caller's leaving that say nothing about the caller's line.
NOT_THE_CALLER = {"ROOM_DELETED", "ROOM_CLOSED", "PARTICIPANT_REMOVED"}


@csrf_exempt
@require_POST
def livekit_webhook(request: HttpRequest) -> HttpResponse:
    """Take a signed report; a plain view, for its content type is LiveKit's own."""
    try:
        report = verified_webhook(
            request.body.decode(), request.headers.get("Authorization", "")
        )
    except ValueError:
        return HttpResponse("The signature does not hold.\n", status=401)
    call = Call.objects.filter(room=report.room).first()
    if call:
        note(call, report)
        if _is_left_alone(call, report):
            close_room(call)
    return HttpResponse("ok\n")


def note(call: Call, report: RoomReport) -> None:
    """Record what the report means for the call, if anything."""
    meaning = _meaning(call, report)
    if meaning is None:
        return
    kind, cause = meaning
    record(
        call,
        kind,
        source="livekit",
        key=f"livekit:{report.id}",
        at=happened(report.at),
        cause=cause,
        detail=report.reason if kind == Kind.AGENT_LOST else "",
    )


def _is_left_alone(call: Call, report: RoomReport) -> bool:
    """Whether caller and person, without an agent by now, have come apart."""
    someone = report.kind in CALLERS or report.kind == "PERSON"
    return call.cause == Cause.TRANSFERRED and someone and report.event in LEFT


def _meaning(call: Call, report: RoomReport) -> tuple[Kind, Cause | None] | None:
    is_caller, is_agent = report.kind in CALLERS, report.kind == "AGENT"
    match report.event:
        case "participant_joined" if is_caller:
            return _who_came(call)
        case "participant_joined" if is_agent:
            return Kind.AGENT_JOINED, None
        case event if event in LEFT and is_caller:
            return Kind.CALLER_LEFT, _why_left(call, report)
        case event if event in LEFT and is_agent and report.reason not in ORDERLY:
            return Kind.AGENT_LOST, None
        case "room_finished":
            return Kind.ENDED, Cause.ROOM_CLOSED
    return None


def _who_came(call: Call) -> tuple[Kind, None] | None:
    """Who calls is there, and waits; a telephone that we call does not ring yet."""
    return None if call.goes_out else (Kind.CALLER_JOINED, None)


def _why_left(call: Call, report: RoomReport) -> Cause | None:
    if report.reason in NOT_THE_CALLER:
        return None
    if report.reason in WHY_LEFT:
        return WHY_LEFT[report.reason]
    if report.reason != "CLIENT_INITIATED":
        return Cause.CALLER_LOST
    if report.line not in RINGING:
        return Cause.CALLER_HUNG_UP
    return Cause.NO_ANSWER if call.goes_out else Cause.NOT_ANSWERED
