"""Whether Twilio can reach us: it asks our webhooks at `PUBLIC_BASE_URL`."""

from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from telephony_app.findings import Finding, bad
from telephony_app.twilio.rest import TWILIO

NOT_PUBLIC = (
    "Twilio cannot ask what to do with a call: PUBLIC_BASE_URL is {url}, which is no "
    "public https address."
)
MAKE_PUBLIC = (
    "Put a proxy with a certificate in front, set PUBLIC_BASE_URL to its address "
    "(https://voice.example.com) and start again. For a trial a tunnel does."
)


def is_reachable() -> bool:
    """Whether Twilio can; what stands in for it on this machine always can."""
    url = urlsplit(settings.PUBLIC_BASE_URL)
    is_public = url.scheme == "https" and not _is_private(url.hostname or "")
    return is_public or settings.TWILIO_API_URL != TWILIO


def hidden() -> Finding | None:
    """What is to be said where Twilio cannot."""
    if is_reachable():
        return None
    return bad(NOT_PUBLIC.format(url=settings.PUBLIC_BASE_URL), MAKE_PUBLIC)


def _is_private(host: str) -> bool:
    with suppress(ValueError):
        return not ip_address(host).is_global
    return host == "localhost" or "." not in host
