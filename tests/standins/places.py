"""Where the processes of the stack find the stand-ins: as `tests/settings.py` says."""

from urllib.parse import urlsplit

from django.conf import settings


def standin_ports() -> list[int]:
    """Google's and Twilio's."""
    urls = (settings.GOOGLE_CALENDAR_URL, settings.TWILIO_API_URL)
    return [urlsplit(url).port or 0 for url in urls]


def standin_places() -> list[str]:
    """Them as TOOLS_MAY_REACH takes them."""
    return [f"127.0.0.1:{port}" for port in standin_ports()]
