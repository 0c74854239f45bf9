"""Where a number of Twilio's asks what to do with a call: at our webhooks.

https://www.twilio.com/docs/usage/webhooks/voice-webhooks
"""

from django.conf import settings

from telephony_app.models import TwilioAccount
from telephony_app.twilio.numbers import TwilioNumber
from telephony_app.twilio.rest import client_of, refusals
from telephony_app.twilio.twiml import webhook_url

URLS = {
    "voice_url": "twilio-incoming",
    "voice_fallback_url": "twilio-fallback",
    "status_callback": "twilio-status",
}
METHODS = {
    "voice_method": "POST",
    "voice_fallback_method": "POST",
    "status_callback_method": "POST",
}
# What Twilio plays on a number that nobody set up yet.
DEMO = "https://demo.twilio.com/"


def wanted() -> dict[str, str]:
    """The addresses that a number should have."""
    return {field: webhook_url(name) for field, name in URLS.items()}


def differences(found: TwilioNumber) -> list[str]:
    """The names of the fields that are not as they should be."""
    urls = [field for field, url in wanted().items() if getattr(found, field) != url]
    elsewhere = [f for f in ("trunk_sid", "application_sid") if getattr(found, f)]
    return urls + elsewhere


def taken_by(found: TwilioNumber) -> str:
    """Who else answers the number, in words; empty when nobody does."""
    if found.trunk_sid:
        return f"the SIP trunk {found.trunk_sid}"
    if found.application_sid:
        return f"the TwiML application {found.application_sid}"
    ours = f"{settings.PUBLIC_BASE_URL}/"
    is_free = not found.voice_url or found.voice_url.startswith((ours, DEMO))
    return "" if is_free else found.voice_url.partition("?")[0]


def point_here(account: TwilioAccount, sid: str) -> None:
    """Have the number ask us; raises `TwilioRefused`."""
    _update(account, sid, **wanted(), **METHODS, trunk_sid="", voice_application_sid="")


def point_nowhere(account: TwilioAccount, found: TwilioNumber) -> None:
    """Have the number ask us no more; other addresses stay as they are."""
    own = [field for field, url in wanted().items() if getattr(found, field) == url]
    if own:
        _update(account, found.sid, **dict.fromkeys(own, ""))


def _update(account: TwilioAccount, sid: str, **values: str) -> None:
    with refusals():
        client_of(account).incoming_phone_numbers(sid).update(**values)
