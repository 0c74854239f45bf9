"""Dialling: a call's one INVITE, and what the answer to it means."""

import aiohttp
from django.conf import settings
from google.protobuf.duration_pb2 import Duration
from livekit import api
from livekit.protocol.sip import (
    SIP_MEDIA_ENCRYPT_ALLOW,
    SIP_MEDIA_ENCRYPT_DISABLE,
    CreateSIPParticipantRequest,
    SIPMediaConfig,
    SIPOutboundConfig,
    SIPTransport,
)

from livekit_worker.ending import End
from telephony_app.livekit.rooms import CALL_ID
from telephony_app.models import Call, Cause

# Voicemails answer after 20 to 30 seconds, people rarely later. Below the 32 seconds of
# RFC 3261's timer B: the bridge starts it after the INVITE, so that a very quick first
# answer may not stop it, and a call that it ends leaves the telephone ringing.
RING_SECONDS = 31
# The agent ends its calls itself; this ends what an agent is not there to end.
BEYOND_SECONDS = 180
PICKED_UP = 200

# What SIP's final answers mean (RFC 3261, section 21).
MEANINGS = {
    **dict.fromkeys((486, 600), Cause.BUSY),
    **dict.fromkeys((408, 480, 487), Cause.NO_ANSWER),
    **dict.fromkeys((603, 607, 608), Cause.DECLINED),
    **dict.fromkeys((404, 410, 484, 604), Cause.INVALID_NUMBER),
}


def invitation(
    call: Call, trunk: SIPOutboundConfig, *, seconds: int
) -> CreateSIPParticipantRequest:
    """The request that rings the telephone, for a call of at most `seconds`.

    `sip_number` is never left out: LiveKit would take any number of the trunk.
    """
    return CreateSIPParticipantRequest(
        trunk=trunk,
        sip_call_to=call.callee,
        sip_number=call.caller,
        room_name=call.room,
        participant_identity=f"phone-{call.pk}",
        participant_attributes={CALL_ID: str(call.pk)},
        ringing_timeout=Duration(seconds=RING_SECONDS),
        max_call_duration=Duration(seconds=seconds + RING_SECONDS + BEYOND_SECONDS),
        media=_media(trunk),
        wait_until_answered=True,
    )


def _media(trunk: SIPOutboundConfig) -> SIPMediaConfig:
    """Encrypted sound where its keys travel encrypted too; elsewhere anybody could read
    them, and they make an INVITE that no datagram holds."""
    is_secure = trunk.transport == SIPTransport.SIP_TRANSPORT_TLS
    return SIPMediaConfig(
        encryption=SIP_MEDIA_ENCRYPT_ALLOW if is_secure else SIP_MEDIA_ENCRYPT_DISABLE
    )


async def dial(invite: CreateSIPParticipantRequest) -> None:
    """Ring until somebody picks up. Raises LiveKit's `ServerError`, which is a
    `SipCallError` where the telephone network answered, or an OSError.

    Sent once: a request repeated in another region would ring a second time.
    """
    client = api.LiveKitAPI(
        settings.LIVEKIT_URL,
        settings.LIVEKIT_API_KEY,
        settings.LIVEKIT_API_SECRET,
        failover=False,
    )
    async with client as livekit:
        try:
            await livekit.sip.create_sip_participant(invite)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(f"LiveKit did not answer: {type(error).__name__}") from error


def status_of(error: Exception) -> int | None:
    """SIP's final answer to the INVITE; None where none came."""
    return error.sip_status_code if isinstance(error, api.SipCallError) else None


def end_of_dial(error: Exception, *, rang: bool) -> End:
    """Why nobody could be reached, from what the request came to.

    Without an answer from the network, a telephone that `rang` was not picked up; where
    not even that happened nobody is there who could ring it.
    """
    if isinstance(error, api.SipCallError):
        status = error.sip_status_code or 0
        cause = MEANINGS.get(status, Cause.PROVIDER_REFUSED)
        return End(cause, detail=f"The network answered {status} {error.sip_status}.")
    if rang:
        return End(Cause.NO_ANSWER)
    if isinstance(error, OSError):
        return End(Cause.LIVEKIT_UNREACHABLE, detail=str(error))
    return End(Cause.PROVIDER_REFUSED, detail=_why(error))


def _why(error: Exception) -> str:
    if isinstance(error, api.ServerError):
        return f"The provider did not answer, or not as it should: {error.message}."
    return str(error)
