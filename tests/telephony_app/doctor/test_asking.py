"""Checks of Twilio asking us: its account, the number there, our webhook."""

from collections.abc import Iterable, Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from werkzeug import Request, Response

from telephony_app.doctor.asking import check_account, check_number, check_webhook
from telephony_app.findings import Finding, Severity
from telephony_app.models import Call, CallEvent, PhoneNumber, TwilioAccount
from telephony_app.twilio.numbers import number_of
from tests.standins.serving import Endpoint, StandIn
from tests.standins.twilio.rest import AUTH_TOKEN, NUMBER, Twilio

INCOMING = "/api/v1/voice/twilio/incoming"


class Front(StandIn):
    """Something in front of the site, that answers in its place."""

    status = 200

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """Whatever Twilio reports."""
        return [("POST", "/api/v1/voice/twilio/status", self._answer_itself)]

    def _answer_itself(self, _: Request) -> Response:
        return Response("", self.status, {"Location": "https://elsewhere.example/"})


@pytest.fixture
def front(settings: Settings) -> Iterator[Front]:
    """It stands at our public address."""
    with Front() as front:
        settings.PUBLIC_BASE_URL = front.url
        yield front


def only(found: Iterable[Finding]) -> Finding:
    [finding] = found
    return finding


def test_account_in_order_is_named(twilio: Twilio, account: TwilioAccount) -> None:
    found = only(check_account(account))
    assert found.severity == Severity.FINE and "Salon" in found.words


def test_trial_account_is_a_warning(twilio: Twilio, account: TwilioAccount) -> None:
    twilio.type = "Trial"
    assert only(check_account(account)).severity == Severity.WARNING


def test_suspended_account_is_bad(twilio: Twilio, account: TwilioAccount) -> None:
    twilio.status = "suspended"
    found = only(check_account(account))
    assert found.severity == Severity.BAD and "suspended" in found.words


def test_token_that_does_not_open_is_bad(
    twilio: Twilio, account: TwilioAccount
) -> None:
    account.secrets = {"auth_token": "wrong"}
    found = only(check_account(account))
    assert found.severity == Severity.BAD and "Account SID" in found.mend


def test_exchanged_token_is_told(twilio: Twilio, account: TwilioAccount) -> None:
    account.secrets = {"auth_token": "old", "next_auth_token": AUTH_TOKEN}
    assert "has taken the place" in list(check_account(account))[1].words


def test_number_that_asks_elsewhere_is_bad_and_stays_so(
    twilio: Twilio, account: TwilioAccount, number: PhoneNumber, public: str
) -> None:
    found = check_number(account, number, number_of(account, NUMBER))
    assert (found.severity, found.mend) == (Severity.BAD, "Press Repair.")
    assert twilio.number(NUMBER)["voice_url"] == ""


def test_number_that_asks_us_is_fine(
    twilio: Twilio, account: TwilioAccount, number: PhoneNumber, public: str
) -> None:
    twilio.number(NUMBER).update(
        voice_url=public + INCOMING,
        voice_fallback_url=f"{public}/api/v1/voice/twilio/fallback",
        status_callback=f"{public}/api/v1/voice/twilio/status",
    )
    found = check_number(account, number, number_of(account, NUMBER))
    assert found.severity == Severity.FINE


@pytest.mark.django_db(transaction=True)
def test_our_webhook_takes_what_is_signed_and_nothing_else(
    twilio: Twilio, account: TwilioAccount, live_server: LiveServer, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = live_server.url
    found = only(check_webhook(account))
    assert (found.severity, found.mend) == (Severity.FINE, "")
    assert not Call.objects.exists() and not CallEvent.objects.exists()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "does not accept Twilio's signature"),
        (301, "answers Twilio with status 301"),
        (502, "answers Twilio with status 502"),
        (200, "accepts what nobody signed"),
    ],
)
def test_what_stands_in_front_of_the_site_is_noticed(
    twilio: Twilio, account: TwilioAccount, front: Front, status: int, words: str
) -> None:
    front.status = status
    found = only(check_webhook(account))
    assert found.severity == Severity.BAD and words in found.words
    assert AUTH_TOKEN not in str(front.asked)


def test_address_where_nobody_answers_is_named(
    twilio: Twilio, account: TwilioAccount, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:9"
    assert "http://127.0.0.1:9 does not answer" in only(check_webhook(account)).words
