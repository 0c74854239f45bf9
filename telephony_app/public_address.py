"""Whether Twilio can reach us: it asks our webhooks at `PUBLIC_BASE_URL`."""

from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

TWILIO = "https://api.twilio.com"
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


def _is_private(host: str) -> bool:
    with suppress(ValueError):
        return not ip_address(host).is_global
    return host == "localhost" or "." not in host
