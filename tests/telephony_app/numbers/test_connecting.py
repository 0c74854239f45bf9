"""Numbers and Twilio: have it ask us what to do with their calls."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import Organization
from telephony_app.e164 import spaced
from telephony_app.findings import Finding, Severity
from telephony_app.models import CallingPolicy, PhoneNumber, TwilioAccount
from telephony_app.numbers.connecting import connect, let_go, set_up_accounts
from tests.standins.twilio.rest import NUMBER, Twilio, twilio_error

OTHERS = "https://old.example/voice"


def only(number: PhoneNumber, account: TwilioAccount, **how: Any) -> Finding:
    [finding] = connect(account, [number], **how)
    return finding


def test_number_is_told_to_ask_us(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, public: str
) -> None:
    assert only(number, account).severity == Severity.CHANGED
    assert twilio.number(NUMBER)["voice_url"].startswith(public)
    assert only(number, account).severity == Severity.FINE


def test_dry_run_tells_and_does_nothing(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, public: str
) -> None:
    assert "would be told" in only(number, account, dry_run=True).words
    assert twilio.number(NUMBER)["voice_url"] == ""


def test_number_that_others_answer_is_left_alone(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, public: str
) -> None:
    twilio.number(NUMBER).update(voice_url=OTHERS)
    found = only(number, account)
    assert found.severity == Severity.BAD
    assert OTHERS in found.words and "--force" in found.mend
    assert twilio.number(NUMBER)["voice_url"] == OTHERS


def test_taking_the_number_over_says_from_whom(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, public: str
) -> None:
    twilio.number(NUMBER).update(trunk_sid="TK1")
    assert "instead of the SIP trunk TK1" in only(number, account, take_over=True).words
    assert twilio.number(NUMBER)["trunk_sid"] == ""


def test_number_that_the_account_has_not_is_said(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, public: str
) -> None:
    number.number = "+15550009999"
    assert "not among the numbers" in only(number, account).words


def test_number_for_messages_alone_is_said(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, public: str
) -> None:
    twilio.number(NUMBER)["capabilities"]["voice"] = False
    assert "takes no calls" in only(number, account).words


@pytest.mark.parametrize(
    "url",
    [
        "http://voice.example.com",
        "https://127.0.0.1:8000",
        "https://localhost",
        "https://10.1.2.3",
        "https://server",
    ],
)
def test_address_that_twilio_cannot_reach_is_not_written(
    twilio: Twilio,
    number: PhoneNumber,
    account: TwilioAccount,
    settings: Settings,
    url: str,
) -> None:
    settings.TWILIO_API_URL = "https://api.twilio.com"
    settings.PUBLIC_BASE_URL = url
    found = only(number, account)
    assert url in found.words and "PUBLIC_BASE_URL" in found.mend
    assert not twilio.asked


def test_account_that_twilio_refuses_is_named(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, public: str
) -> None:
    account.secrets = {"auth_token": "wrong"}
    assert "Acme" in only(number, account).words


def test_line_is_made_for_who_may_call_out(
    twilio: Twilio, number: PhoneNumber, acme: Organization, public: str
) -> None:
    assert len(list(set_up_accounts())) == 1
    CallingPolicy.objects.create(organization=acme, may_call_out=True)
    assert "outgoing line" in list(set_up_accounts())[1].words


def test_numbers_of_one_account_are_asked_for_once(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, public: str
) -> None:
    twilio.own("+15550002222")
    PhoneNumber.objects.create(organization=number.organization, number="+15550002222")
    list(set_up_accounts())
    assert len([each for each in twilio.asked if each.method == "GET"]) == 1


def test_number_that_is_switched_off_is_left_alone(
    twilio: Twilio, number: PhoneNumber, public: str
) -> None:
    PhoneNumber.objects.update(is_active=False)
    assert list(set_up_accounts()) == []


def test_command_connects_what_force_lets_it(
    bare_livekit: None, twilio: Twilio, number: PhoneNumber, public: str
) -> None:
    twilio.number(NUMBER).update(voice_url=OTHERS)
    with pytest.raises(CommandError):
        call_command("telephony_setup")
    call_command("telephony_setup", force=True)
    assert twilio.number(NUMBER)["voice_url"].startswith(public)


def test_log_of_a_number_that_still_asks_us_does_not_tell_it(
    twilio: Twilio, account: TwilioAccount, caplog: pytest.LogCaptureFixture
) -> None:
    twilio.fail(twilio_error(429, 20429, "Too Many"))
    let_go(account, NUMBER)
    assert "still asks us" in caplog.text
    assert NUMBER not in caplog.text and spaced(NUMBER) not in caplog.text
