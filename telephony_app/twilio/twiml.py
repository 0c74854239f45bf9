"""What Twilio is told to do with a call, in its own language.

https://www.twilio.com/docs/voice/twiml
"""

import functools

from django.conf import settings
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from twilio.twiml.voice_response import Dial, VoiceResponse

from agents_app.config import AgentConfig
from telephony_app.e164 import E164
from telephony_app.livekit.rooms import CALL_ID_HEADER
from telephony_app.models import Call, SipBridge
from telephony_app.twilio.apologies import Words

API = "/api/v1"
# Above the bridge's own, so that it is the bridge that says why nobody came.
RINGING_SECONDS = 25
# For a goodbye when the agent's own limit was reached.
GOODBYE_SECONDS = 120
# For a talk with a person.
PERSON_SECONDS = 3600
LEG_EVENTS = "initiated ringing answered completed"
# How often Twilio repeats a report that failed, and why; no part of what it signs.
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
TOLD_AGAIN = "#rc=3&rp=5xx,ct,rt"
# A voice of each language: https://www.twilio.com/docs/voice/twiml/say/text-speech
VOICES = {
    "en-US": "Polly.Joanna-Neural",
    "en-GB": "Polly.Amy-Neural",
    "de-DE": "Polly.Vicki-Neural",
    "fr-FR": "Polly.Lea-Neural",
    "es-ES": "Polly.Lucia-Neural",
    "it-IT": "Polly.Bianca-Neural",
    "nl-NL": "Polly.Laura-Neural",
    "pt-BR": "Polly.Camila-Neural",
    "pl-PL": "Polly.Ola-Neural",
}


def say(words: Words) -> str:
    """Speak, then hang up."""
    response = VoiceResponse()
    voice = VOICES[words.language]
    response.say(words.text, voice=voice, language=words.language)
    response.hangup()
    return str(response)


def hang_up() -> str:
    """End the call without a word."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def nothing() -> str:
    """For whoever only reports."""
    return str(VoiceResponse())


def forward(number: str) -> str:
    """Ring a person, who sees the caller's own number."""
    response = VoiceResponse()
    dial = _dial(response, "twilio-forward-done", time_limit=PERSON_SECONDS)
    dial.number(number)
    return str(response)


def put_through(call: Call, address: str) -> str:
    """Ring a person to whom the agent puts the caller through; who is not reached
    brings the caller back.

    The person sees the caller's number, as far as there is one.
    """
    response = VoiceResponse()
    is_known = E164.fullmatch(call.caller)
    dial = _dial(
        response,
        "twilio-transfer-done",
        caller_id=call.caller if is_known else call.callee,
    )
    told = {
        "status_callback": webhook_url("twilio-transfer-answered") + TOLD_AGAIN,
        "status_callback_event": "answered",
    }
    if address.startswith("+"):
        dial.number(address, **told)
    else:
        dial.sip(_as_twilio_writes(address), **told)
    return str(response)


def _as_twilio_writes(address: str) -> str:
    """Twilio knows `sip:` alone, and the encrypted one by its transport."""
    if address.startswith("sips:"):
        return f"sip:{address.removeprefix('sips:')};transport=tls"
    return address


@sensitive_variables()
def connect(call: Call, config: AgentConfig, bridge: SipBridge) -> str:
    """Ring the agent in the call's room, by way of the SIP bridge.

    The caller hears it ring, and pays nothing, until the agent's voice is there. The
    user part of the address is the room, by the bridge's dispatch rule.
    """
    response = VoiceResponse()
    dial = _dial(
        response,
        "twilio-dial-done",
        time_limit=config.max_call_seconds + GOODBYE_SECONDS + PERSON_SECONDS,
        refer_url=webhook_url("twilio-refer"),
        **(_recorded() if config.record_calls else {}),
    )
    dial.sip(
        sip_address(call),
        username=bridge.username,
        password=bridge.secrets.reveal()["password"],
        status_callback=webhook_url("twilio-status") + TOLD_AGAIN,
        status_callback_event=LEG_EVENTS,
    )
    return str(response)


def sip_address(call: Call) -> str:
    """Where the bridge rings the call's room; speech is encrypted as signalling is."""
    secure = ";secure=true" if settings.SIP_TRANSPORT == "tls" else ""
    where = f"{settings.SIP_HOST};transport={settings.SIP_TRANSPORT}{secure}"
    return f"sip:{call.room}@{where}?{CALL_ID_HEADER}={call.pk}"


def webhook_url(name: str) -> str:
    """The public address of one of our webhooks, by the name of its URL."""
    return _url(settings.PUBLIC_BASE_URL, name)


@functools.cache
def _url(base: str, name: str) -> str:
    """Found among this app's own addresses: the site's lead to the admin, which Celery
    does not load."""
    return f"{base}{API}{reverse(name, urlconf='telephony_app.urls')}"


def _dial(response: VoiceResponse, done: str, **how: object) -> Dial:
    return response.dial(
        answer_on_bridge=True,
        timeout=RINGING_SECONDS,
        action=webhook_url(done),
        **how,
    )


def _recorded() -> dict[str, str]:
    return {
        "record": "record-from-answer-dual",
        "recording_status_callback": webhook_url("twilio-recording") + TOLD_AGAIN,
    }
