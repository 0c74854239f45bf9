"""Webhooks of Twilio's, posted to the views and signed as Twilio signs."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import Settings

from tests.standins.twilio.rest import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.standins.twilio.webhooks import Webhooks

BASE = "https://voice.example.com"
FORM = "application/x-www-form-urlencoded"
CALLER = "+12025550111"
CALL_SID = "CA" + "5e" * 16


@dataclass(frozen=True)
class Answer:
    """What came back: TwiML, when it is a success."""

    status: int
    text: str

    @property
    def verbs(self) -> list[ElementTree.Element]:
        """What Twilio is to do, in order."""
        return list(ElementTree.fromstring(self.text))  # noqa: S314  our own

    @property
    def names(self) -> list[str]:
        """The verbs by name."""
        return [verb.tag for verb in self.verbs]

    @property
    def words(self) -> str:
        """What is spoken."""
        return " ".join(verb.text or "" for verb in self.verbs if verb.tag == "Say")

    @property
    def dialled(self) -> str:
        """Whom it calls: a SIP address or a number."""
        [dial] = [verb for verb in self.verbs if verb.tag == "Dial"]
        return dial[0].text or ""


Post = Callable[..., Answer]


@pytest.fixture
def post(client: Client, settings: Settings) -> Post:
    """Post a form about a call to one of the webhooks, by its last word."""
    settings.PUBLIC_BASE_URL = BASE
    settings.SECURE_SSL_REDIRECT = False

    def posted(
        name: str, form: dict[str, str] | None = None, token: str = AUTH_TOKEN
    ) -> Answer:
        path = f"/api/v1/voice/twilio/{name}"
        full = about_a_call() | (form or {})
        headers = Webhooks(ACCOUNT_SID, token).headers(BASE + path, full)
        answer = client.post(path, urlencode(full), FORM, headers=headers)
        return Answer(answer.status_code, answer.text)

    return posted


def about_a_call() -> dict[str, str]:
    """What every webhook of an incoming call tells."""
    return {
        "AccountSid": ACCOUNT_SID,
        "CallSid": CALL_SID,
        "CallStatus": "ringing",
        "From": CALLER,
        "To": NUMBER,
        "FromCity": "",
    }
