"""Where a number of Twilio's asks what to do with a call."""

import pytest
from django.urls import reverse

from telephony_app.models import TwilioAccount
from telephony_app.twilio import voice_urls
from telephony_app.twilio.numbers import TwilioNumber, number_of
from tests.standins.twilio.rest import NUMBER, Twilio

OTHERS = "https://old.example/voice"


def found(account: TwilioAccount) -> TwilioNumber:
    number = number_of(account, NUMBER)
    assert number
    return number


def test_wanted_are_the_addresses_of_our_webhooks(public: str) -> None:
    assert voice_urls.wanted() == {
        "voice_url": public + reverse("twilio-incoming"),
        "voice_fallback_url": public + reverse("twilio-fallback"),
        "status_callback": public + reverse("twilio-status"),
    }


def test_number_that_was_pointed_here_needs_nothing(
    twilio: Twilio, account: TwilioAccount, public: str
) -> None:
    assert "voice_url" in voice_urls.differences(found(account))
    voice_urls.point_here(account, found(account).sid)
    assert voice_urls.differences(found(account)) == []
    assert twilio.number(NUMBER)["voice_method"] == "POST"


def test_trunk_and_application_are_taken_off_the_number(
    twilio: Twilio, account: TwilioAccount, public: str
) -> None:
    twilio.number(NUMBER).update(trunk_sid="TK1", voice_application_sid="AP1")
    voice_urls.point_here(account, found(account).sid)
    now = twilio.number(NUMBER)
    assert (now["trunk_sid"], now["voice_application_sid"]) == ("", "")


@pytest.mark.parametrize(
    ("values", "taker"),
    [
        ({}, ""),
        ({"voice_url": "https://demo.twilio.com/welcome/voice/"}, ""),
        ({"voice_url": "https://voice.example.com/older/path"}, ""),
        ({"voice_url": f"{OTHERS}?token=secret"}, OTHERS),
        ({"voice_url": "https://voice.example.com.evil.example/x"}, "https://voice"),
        ({"trunk_sid": "TK1"}, "the SIP trunk TK1"),
        ({"voice_application_sid": "AP1"}, "the TwiML application AP1"),
    ],
)
def test_who_else_answers_is_said_without_what_may_be_secret(
    twilio: Twilio,
    account: TwilioAccount,
    public: str,
    values: dict[str, str],
    taker: str,
) -> None:
    twilio.number(NUMBER).update(values)
    said = voice_urls.taken_by(found(account))
    assert said.startswith(taker) and bool(said) == bool(taker)
    assert "secret" not in said


def test_number_that_is_let_go_asks_nobody(
    twilio: Twilio, account: TwilioAccount, public: str
) -> None:
    voice_urls.point_here(account, found(account).sid)
    voice_urls.point_nowhere(account, found(account))
    assert twilio.number(NUMBER)["voice_url"] == ""


def test_address_of_others_stays_when_we_let_go(
    twilio: Twilio, account: TwilioAccount, public: str
) -> None:
    twilio.number(NUMBER).update(voice_url=OTHERS)
    voice_urls.point_nowhere(account, found(account))
    assert twilio.number(NUMBER)["voice_url"] == OTHERS
