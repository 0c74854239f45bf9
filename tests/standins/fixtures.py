"""The stand-ins as fixtures.

`google` and `twilio` are for tools that run in the test itself. Tools that run in the
processes of the `stack` look for them at the ports of `tests/settings.py`, where
`stack_google` and `stack_twilio` answer.
"""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.standins.google_calendar import GoogleCalendar
from tests.standins.places import standin_ports
from tests.standins.serving import StandIn


def _let_in(settings: Settings, standin: StandIn) -> None:
    """Let tools reach it, though it is on this machine."""
    place = ("127.0.0.1", standin.port)
    settings.TOOLS_MAY_REACH = [*settings.TOOLS_MAY_REACH, place]


@pytest.fixture
def google(settings: Settings) -> Iterator[GoogleCalendar]:
    """Google Calendar, with the calendar of a salon."""
    with GoogleCalendar() as google:
        _let_in(settings, google)
        settings.GOOGLE_CALENDAR_URL = google.api_url
        yield google


@pytest.fixture
def stack_google() -> Iterator[GoogleCalendar]:
    """Google Calendar as the processes of the stack reach it."""
    with GoogleCalendar(standin_ports()[0]) as google:
        yield google
