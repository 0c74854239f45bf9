"""A person whom the agent calls into the room of a call."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import aiohttp
from google.protobuf.duration_pb2 import Duration
from livekit import api, rtc
from livekit.agents import JobContext
from livekit.protocol.sip import CreateSIPParticipantRequest

from livekit_worker.phone.dialing import dial, end_of_dial, invitation
from livekit_worker.transfer.routes import Route
from livekit_worker.transfer.wish import Wish
from telephony_app.livekit.rooms import PERSON
from telephony_app.models import Call
from telephony_app.twilio.twiml import RINGING_SECONDS

TAKE, DECLINE = "1", "2"
# What a person and a caller have to say to each other.
LONGEST_SECONDS = 4 * 3600


class NotReached(Exception):
    """Nobody took the call; the text says why."""


class Person:
    """Somebody's telephone in the room: whether it is there, and which key decided."""

    def __init__(self, room: rtc.Room) -> None:
        self.identity = f"{PERSON}{uuid.uuid4().hex[:8]}"
        self._room = room
        self.came = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._decision: asyncio.Future[bool] = loop.create_future()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Follow what the person does."""
        self._room.on("participant_connected", self._on_connected)
        self._room.on("participant_disconnected", self._on_disconnected)
        self._room.on("sip_dtmf_received", self._on_pressed)
        try:
            yield
        finally:
            self._room.off("participant_connected", self._on_connected)
            self._room.off("participant_disconnected", self._on_disconnected)
            self._room.off("sip_dtmf_received", self._on_pressed)

    async def rings(self, invite: CreateSIPParticipantRequest) -> None:
        """Ring until somebody picks up; raises `NotReached`."""
        try:
            await dial(invite)
        except (api.ServerError, OSError) as error:
            end = end_of_dial(error, rang=self.came.is_set())
            raise NotReached(f"{end.cause.label}. {end.detail}".strip()) from error

    async def decides(self, *, seconds: float | None = None) -> bool:
        """Whether the person takes the call. Raises TimeoutError."""
        return await asyncio.wait_for(asyncio.shield(self._decision), seconds)

    def _on_connected(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self.identity:
            self.came.set()

    def _on_disconnected(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self.identity:
            self._decide(False)

    def _on_pressed(self, pressed: rtc.SipDTMF) -> None:
        by = pressed.participant
        if by and by.identity == self.identity and pressed.digit in (TAKE, DECLINE):
            self._decide(pressed.digit == TAKE)

    def _decide(self, takes_it: bool) -> None:
        if not self._decision.done():
            self._decision.set_result(takes_it)


async def hang_up(ctx: JobContext, identity: str) -> None:
    """Hang up on a person, who may be gone already."""
    request = api.RoomParticipantIdentity(room=ctx.room.name, identity=identity)
    with suppress(api.ServerError, aiohttp.ClientError, TimeoutError):
        await ctx.api.room.remove_participant(request)


def invite(
    call: Call, wish: Wish, route: Route, identity: str
) -> CreateSIPParticipantRequest:
    """The request that rings the person; the caller hears it ring, unless the person is
    to be told something first."""
    request = invitation(call, route.trunk, seconds=LONGEST_SECONDS)
    user = wish.address.partition(":")[2].partition("@")[0]
    request.sip_call_to = user or wish.address
    request.sip_number = route.number
    request.participant_identity = identity
    request.participant_attributes.clear()
    request.ringing_timeout.CopyFrom(Duration(seconds=RINGING_SECONDS))
    request.play_dialtone = not wish.briefing
    return request
