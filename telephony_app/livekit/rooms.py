"""LiveKit rooms: made, closed and listed; tokens for them; what their webhook tells."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from livekit import api
from livekit.protocol.models import DisconnectReason, ParticipantInfo

from telephony_app.livekit.client import LiveKitUnreachable, ask
from telephony_app.models import Cause

EMPTY_SECONDS = 60
DEPARTURE_SECONDS = 5
# As long as a caller on the telephone may be away: a person's telephone rings first.
AWAY_SECONDS = 45
MAX_PARTICIPANTS = 6
# Set by LiveKit's SIP bridge (livekit/protocol livekit/attrs.go).
LINE_STATUS, RINGING = "sip.callStatus", ("dialing", "ringing")
# Why a telephone that we called left, as the bridge says it (livekit-sip
# pkg/sip/errors.go).
WHY_LEFT = {
    "USER_UNAVAILABLE": Cause.NO_ANSWER,
    "USER_REJECTED": Cause.DECLINED,
    "SIP_TRUNK_FAILURE": Cause.PROVIDER_REFUSED,
}
# By this header Twilio names the call to the bridge, by this attribute it is told on.
CALL_ID_HEADER, CALL_ID = "X-Call-Id", "call.id"
# Identities of people to whom callers are put through begin with it.
PERSON = "person-"
TOKEN_LIFE = timedelta(minutes=5)


def room_name(agent_id: int, source: str, *, secret_of: str) -> str:
    """The room of a call: readable, and unguessable by its keyed suffix.

    `source` is the dialled number, or `web`; `secret_of` what identifies the call.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), secret_of.encode(), hashlib.sha256)
    return f"agent-{agent_id}-{source}-{digest.hexdigest()[:10]}"


def _job_metadata(call_id: uuid.UUID) -> str:
    return json.dumps({"call_id": str(call_id)})


def make_room(
    name: str, call_id: uuid.UUID, *, departure_seconds: int = DEPARTURE_SECONDS
) -> None:
    """Make the room and call the agent into it; an existing room is left as it is.

    LiveKit keeps it for `departure_seconds` after its last caller left.
    """
    dispatch = api.RoomAgentDispatch(
        agent_name=settings.AGENT_NAME, metadata=_job_metadata(call_id)
    )
    request = api.CreateRoomRequest(
        name=name,
        empty_timeout=EMPTY_SECONDS,
        departure_timeout=departure_seconds,
        max_participants=MAX_PARTICIPANTS,
        agents=[dispatch],
    )
    ask(lambda lk: lk.room.create_room(request))


def make_trial_room(name: str) -> None:
    """Make a room into which nobody is called: a call rings there in vain."""
    empty = api.CreateRoomRequest(
        name=name, empty_timeout=EMPTY_SECONDS, departure_timeout=DEPARTURE_SECONDS
    )
    ask(lambda lk: lk.room.create_room(empty))


def has_telephone(name: str) -> bool:
    """Whether a telephone is in the room, ringing or connected."""
    request = api.ListParticipantsRequest(room=name)
    answer = ask(lambda lk: lk.room.list_participants(request))
    return any(who.kind == ParticipantInfo.SIP for who in answer.participants)


def dispatch_again(name: str, call_id: uuid.UUID) -> None:
    """Call another job into a room whose agent is gone or never came."""
    request = api.CreateAgentDispatchRequest(
        room=name, agent_name=settings.AGENT_NAME, metadata=_job_metadata(call_id)
    )
    ask(lambda lk: lk.agent_dispatch.create_dispatch(request))


def close_room(name: str) -> None:
    """Hang up on everyone in the room; a room that is gone already is fine.

    A room may belong to a LiveKit server that is no more: one of several, or the one
    before a restart, when Redis lived on. Made once more it belongs to one that lives.
    """
    try:
        _delete(name)
    except LiveKitUnreachable as error:
        if _code(error) != "unavailable":
            raise
        ask(lambda lk: lk.room.create_room(api.CreateRoomRequest(name=name)))
        _delete(name)


def _delete(name: str) -> None:
    try:
        ask(lambda lk: lk.room.delete_room(api.DeleteRoomRequest(room=name)))
    except LiveKitUnreachable as error:
        if _code(error) != "not_found":
            raise


def _code(error: LiveKitUnreachable) -> str:
    """LiveKit's own word for what is wrong; empty where it said nothing."""
    cause = error.__cause__
    return cause.code if isinstance(cause, api.TwirpError) else ""


def open_rooms() -> dict[str, int]:
    """The rooms that LiveKit has now, each with its number of participants."""
    answer = ask(lambda lk: lk.room.list_rooms(api.ListRoomsRequest()))
    return {room.name: room.num_participants for room in answer.rooms}


def caller_token(name: str, *, identity: str) -> str:
    """A token for a browser: this room only, microphone and text only, short-lived.

    It carries no metadata, because anyone who holds it can read it.
    """
    grants = api.VideoGrants(
        room_join=True,
        room=name,
        can_publish=True,
        can_subscribe=True,
        can_publish_data=True,
        can_publish_sources=["microphone"],
    )
    token = api.AccessToken(settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET)
    return (
        token.with_identity(identity).with_ttl(TOKEN_LIFE).with_grants(grants).to_jwt()
    )


@dataclass(frozen=True)
class RoomReport:
    """What LiveKit's webhook says happened in a room, in LiveKit's own words.

    `kind` is the participant's (`STANDARD`, `SIP`, `AGENT`; `PERSON` for one to whom
    the caller is put through, which is our own word), `reason` why one left,
    `line` how far a telephone got (`ringing`, `active`, `hangup`); all are empty when
    the report is about the room itself.
    """

    id: str
    event: str
    room: str
    at: datetime
    kind: str = ""
    reason: str = ""
    line: str = ""


def verified_webhook(body: str, authorization: str) -> RoomReport:
    """LiveKit's webhook event, when the signature holds; raises ValueError if not.

    The header is the bare JWT, which carries the body's hash.
    """
    verifier = api.TokenVerifier(settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET)
    try:
        event = api.WebhookReceiver(verifier).receive(
            body, authorization.removeprefix("Bearer ")
        )
    except Exception as error:  # noqa: BLE001  the receiver raises bare Exception
        raise ValueError("The webhook's signature does not hold.") from error
    return _report(event)


def _report(event: api.WebhookEvent) -> RoomReport:
    who = event.participant if event.HasField("participant") else None
    return RoomReport(
        id=event.id,
        event=event.event,
        room=event.room.name,
        at=datetime.fromtimestamp(event.created_at, UTC),
        kind=_kind(who) if who else "",
        reason=word_of(DisconnectReason, who.disconnect_reason) if who else "",
        line=who.attributes.get(LINE_STATUS, "") if who else "",
    )


def _kind(who: ParticipantInfo) -> str:
    is_person = who.identity.startswith(PERSON)
    return "PERSON" if is_person else word_of(ParticipantInfo.Kind, who.kind)


def word_of(vocabulary: EnumTypeWrapper, number: int) -> str:
    """LiveKit's word for a number; a number newer than our library has none."""
    return vocabulary.Name(number) if number in vocabulary.values() else ""
