"""The API of calls: open a voice session, read a call, end it."""

from typing import TypeVar, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from rest_framework import status
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import OwnedQuerySet, Role, User
from agents_app.models import Agent
from telephony_app.calls.opening import CallRefused, hang_up, open_web_call
from telephony_app.calls.serializers import CallSerializer, VoiceSessionRequest
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.livekit.rooms import caller_token
from telephony_app.models import Call, Cause, State
from telephony_app.twilio.rest import TwilioRefused

Row = TypeVar("Row", Agent, Call)
RETRY_SECONDS = 5


class VoiceSession(APIView):
    """Opens a call from a browser or another REST client."""

    def post(self, request: Request) -> Response:
        """Make the room, call the agent into it, and let the caller in by a token."""
        asked = VoiceSessionRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        agents = Agent.objects.select_related("organization", "published_version")
        agent_id = str(asked.validated_data["agent_id"])
        agent = find(agents, agent_id, request, Role.EDITOR)
        try:
            call = open_web_call(agent, by=cast(User, request.user))
        except CallRefused as refused:
            return refusal(refused)
        return Response(session_of(call), status.HTTP_201_CREATED)


def session_of(call: Call) -> dict[str, str]:
    """What a client needs to join the call's room."""
    return {
        "url": settings.LIVEKIT_PUBLIC_URL,
        "token": caller_token(call.room, identity=f"web-{call.pk}"),
        "room": call.room,
        "call_id": str(call.pk),
    }


def refusal(refused: CallRefused) -> Response:
    """The answer to a call that could not be opened: words, cause, the row's id."""
    answer = {"detail": refused.words, "cause": refused.cause}
    if refused.call:
        answer["call_id"] = str(refused.call.pk)
    if refused.cause == Cause.AGENT_INACTIVE:
        return Response(answer, status.HTTP_409_CONFLICT)
    return _try_again(answer)


class CallDetail(APIView):
    """One call and what was said in it."""

    def get(self, request: Request, call_id: str) -> Response:
        """The call with its turns in order."""
        return Response(CallSerializer(_call(call_id, request, Role.VIEWER)).data)


class CallEnd(APIView):
    """Ends a call that is still open."""

    def post(self, request: Request, call_id: str) -> Response:
        """Hang up for both sides; a call that has ended already stays as it ended."""
        call = _call(call_id, request, Role.EDITOR)
        try:
            if call.state != State.ENDED:
                hang_up(call, _cause_of_end(call, request), source="staff")
        except (LiveKitUnreachable, TwilioRefused) as error:
            return _try_again({"detail": str(error), "cause": call.cause})
        return Response(CallSerializer(call).data)


def _cause_of_end(call: Call, request: Request) -> Cause:
    """Whoever opened a call from a browser and lets go of it before joining is a caller
    who never came; any other end is the staff's doing."""
    is_caller = call.direction == Call.Direction.WEB
    nobody_came = call.state in (State.CREATED, State.DISPATCHING)
    if is_caller and nobody_came and call.started_by_id == request.user.pk:
        return Cause.ABANDONED
    return Cause.STAFF_ENDED


def _call(call_id: str, request: Request, role: Role) -> Call:
    calls = Call.objects.select_related("agent", "version")
    calls = calls.prefetch_related("turns", "recordings")
    return find(calls, call_id, request, role)


def find(rows: OwnedQuerySet[Row], pk: str, request: Request, role: Role) -> Row:
    """The row, for a member in this role; to strangers it does not exist, and neither
    does one whose id is no id."""
    try:
        row = rows.for_user(request.user).filter(pk=pk).first()
    except (ValueError, ValidationError):
        row = None
    if row is None:
        raise NotFound("There is no such row in your organizations. Check the id.")
    if role == Role.VIEWER or rows.for_user(request.user, role=role).filter(pk=row.pk):
        return row
    raise PermissionDenied(
        f"This needs the role {role.name.lower()}. "
        "Ask an admin of your organization for it."
    )


def _try_again(answer: dict[str, str]) -> Response:
    return Response(
        answer,
        status.HTTP_503_SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_SECONDS)},
    )
