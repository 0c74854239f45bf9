"""LiveKit rooms: the only module that talks to LiveKit's server API.

Everyone who calls it is synchronous and LiveKit's client is not, so one event loop in
a thread of its own serves the process, with one open connection pool.
"""

import asyncio
import atexit
import functools
import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import aiohttp
from django.conf import settings
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from livekit import api
from livekit.protocol.models import DisconnectReason, ParticipantInfo

T = TypeVar("T")
TIMEOUT_SECONDS = 4
# The loop that asks may be held up itself; its own timeout comes first.
ANSWER_SECONDS = TIMEOUT_SECONDS + 2
EMPTY_SECONDS = 60
DEPARTURE_SECONDS = 5
MAX_PARTICIPANTS = 6
TOKEN_LIFE = timedelta(minutes=5)


class LiveKitUnreachable(Exception):
    """LiveKit did not answer or refused; the text says to staff what to look at."""


@dataclass(frozen=True)
class _Client:
    loop: asyncio.AbstractEventLoop
    api: api.LiveKitAPI


_opening = threading.Lock()


def _client() -> _Client:
    """The process's one client, whichever thread asks first."""
    with _opening:
        return _opened()


@functools.cache
def _opened() -> _Client:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="livekit-api", daemon=True).start()
    opening = asyncio.run_coroutine_threadsafe(_open(), loop)
    client = _Client(loop, opening.result(ANSWER_SECONDS))
    atexit.register(_close, client)
    return client


def _close(client: _Client) -> None:
    """Close the connections in order, where the loop still runs."""
    closing = asyncio.run_coroutine_threadsafe(client.api.aclose(), client.loop)
    with suppress(TimeoutError):
        closing.result(timeout=1)


async def _open() -> api.LiveKitAPI:
    return api.LiveKitAPI(
        settings.LIVEKIT_URL,
        settings.LIVEKIT_API_KEY,
        settings.LIVEKIT_API_SECRET,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
    )


def _ask(request: Callable[[api.LiveKitAPI], Awaitable[T]]) -> T:
    """Send one request and wait for the answer; raises `LiveKitUnreachable`."""
    try:
        return _send(_client(), request)
    except api.TwirpError as error:
        raise LiveKitUnreachable(
            f"LiveKit refused the request ({error.code}). "
            "Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET."
        ) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise LiveKitUnreachable(
            f"LiveKit did not answer at {settings.LIVEKIT_URL}. "
            "Check LIVEKIT_URL, and that the server runs."
        ) from error


def _send(client: _Client, request: Callable[[api.LiveKitAPI], Awaitable[T]]) -> T:
    async def send() -> T:
        return await request(client.api)

    sending = asyncio.run_coroutine_threadsafe(send(), client.loop)
    try:
        return sending.result(ANSWER_SECONDS)
    except TimeoutError:
        sending.cancel()
        raise


def room_name(agent_id: int, source: str, *, secret_of: str) -> str:
    """The room of a call: readable, and unguessable by its keyed suffix.

    `source` is the dialled number, or `web`; `secret_of` what identifies the call.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), secret_of.encode(), hashlib.sha256)
    return f"agent-{agent_id}-{source}-{digest.hexdigest()[:10]}"


def _job_metadata(call_id: uuid.UUID) -> str:
    return json.dumps({"call_id": str(call_id)})


def make_room(name: str, call_id: uuid.UUID) -> None:
    """Make the room and call the agent into it; an existing room is left as it is."""
    dispatch = api.RoomAgentDispatch(
        agent_name=settings.AGENT_NAME, metadata=_job_metadata(call_id)
    )
    request = api.CreateRoomRequest(
        name=name,
        empty_timeout=EMPTY_SECONDS,
        departure_timeout=DEPARTURE_SECONDS,
        max_participants=MAX_PARTICIPANTS,
        agents=[dispatch],
    )
    _ask(lambda lk: lk.room.create_room(request))


def dispatch_again(name: str, call_id: uuid.UUID) -> None:
    """Call another job into a room whose agent is gone or never came."""
    request = api.CreateAgentDispatchRequest(
        room=name, agent_name=settings.AGENT_NAME, metadata=_job_metadata(call_id)
    )
    _ask(lambda lk: lk.agent_dispatch.create_dispatch(request))


def close_room(name: str) -> None:
    """Hang up on everyone in the room; a room that is gone already is fine."""
    try:
        _ask(lambda lk: lk.room.delete_room(api.DeleteRoomRequest(room=name)))
    except LiveKitUnreachable as error:
        cause = error.__cause__
        if not (isinstance(cause, api.TwirpError) and cause.code == "not_found"):
            raise


def open_rooms() -> dict[str, int]:
    """The rooms that LiveKit has now, each with its number of participants."""
    answer = _ask(lambda lk: lk.room.list_rooms(api.ListRoomsRequest()))
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

    `kind` is the participant's (`STANDARD`, `SIP`, `AGENT`), `reason` why one left;
    both are empty when the report is about the room itself.
    """

    id: str
    event: str
    room: str
    at: datetime
    kind: str = ""
    reason: str = ""


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
        kind=_word(ParticipantInfo.Kind, who.kind) if who else "",
        reason=_word(DisconnectReason, who.disconnect_reason) if who else "",
    )


def _word(vocabulary: EnumTypeWrapper, number: int) -> str:
    """LiveKit's word for a number; a number newer than our library has none."""
    return vocabulary.Name(number) if number in vocabulary.values() else ""
