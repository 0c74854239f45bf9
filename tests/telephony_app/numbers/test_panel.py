"""An agent's telephone numbers on its page."""

from django.test import Client

from agents_app.models import Agent
from telephony_app.models import PhoneNumber
from tests.telephony_app.pages import page, url_of

CONNECT = "Connect a number"


def test_agent_shows_its_numbers_and_how_they_are(
    as_ed: Client, agent: Agent, number: PhoneNumber
) -> None:
    text = page(as_ed, url_of(agent))
    assert "+49 30 900900" in text and "Not checked yet" in text
    assert url_of(number) in text and CONNECT in text


def test_agent_without_number_says_so(as_ed: Client, agent: Agent) -> None:
    assert "nobody can call this agent by telephone yet" in page(as_ed, url_of(agent))


def test_viewer_connects_nothing(as_vic: Client, agent: Agent) -> None:
    assert CONNECT not in page(as_vic, url_of(agent))


def test_number_that_is_switched_off_says_so(
    as_ed: Client, agent: Agent, number: PhoneNumber
) -> None:
    PhoneNumber.objects.update(is_active=False)
    assert "Switched off" in page(as_ed, url_of(agent))
