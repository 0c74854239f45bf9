"""The stand-ins as fixtures.

`google`, `twilio` and `chat_model` are for tools that run in the test itself. Those of
the `stack` run in processes, which look at the ports of `tests/settings.py`: there
`stack_google` and `stack_twilio` answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from pytest_django import Settings

from tests.standins.chat_model import ChatModel
from tests.standins.google.calendar import GoogleCalendar
from tests.standins.places import standin_ports
from tests.standins.serving import StandIn
from tests.standins.twilio.rest import Twilio

S = TypeVar("S", bound=StandIn)


@contextmanager
def _reachable(standin: S, settings: Settings) -> Iterator[S]:
    """Runs it, and lets tools reach it though it is on this machine."""
    with standin:
        place = ("127.0.0.1", standin.port)
        settings.TOOLS_MAY_REACH = [*settings.TOOLS_MAY_REACH, place]
        yield standin


@pytest.fixture
def google(settings: Settings) -> Iterator[GoogleCalendar]:
    """Google Calendar, with the calendar of a salon."""
    with _reachable(GoogleCalendar(), settings) as google:
        settings.GOOGLE_CALENDAR_URL = google.api_url
        yield google


@pytest.fixture
def twilio(settings: Settings) -> Iterator[Twilio]:
    """Twilio, with an account that owns one number."""
    with _reachable(Twilio(), settings) as twilio:
        settings.TWILIO_API_URL = twilio.url
        yield twilio


@pytest.fixture
def chat_model(settings: Settings) -> Iterator[ChatModel]:
    """A chat model behind OpenAI's protocol."""
    with _reachable(ChatModel(), settings) as model:
        yield model


@pytest.fixture
def stack_google() -> Iterator[GoogleCalendar]:
    """Google Calendar as the processes of the stack reach it."""
    with GoogleCalendar(standin_ports()[0]) as google:
        yield google


@pytest.fixture
def stack_twilio() -> Iterator[Twilio]:
    """Twilio as the processes of the stack reach it."""
    with Twilio(standin_ports()[1]) as twilio:
        yield twilio
