"""The numbers of an account, read and given back."""

import pytest

from telephony_app.models import TwilioAccount
from telephony_app.twilio.numbers import number_of, numbers_of, release
from telephony_app.twilio.rest import TwilioRefused
from tests.standins.twilio.rest import NUMBER, Twilio, twilio_error


def test_numbers_come_with_what_they_do(twilio: Twilio, account: TwilioAccount) -> None:
    sid = twilio.own("+15550002222", voice_url="https://old.example/voice")
    reception, other = numbers_of(account)
    assert (reception.number, reception.speaks) == (NUMBER, True)
    assert (other.sid, other.voice_url) == (sid, "https://old.example/voice")


def test_number_is_found_by_all_its_digits(
    twilio: Twilio, account: TwilioAccount
) -> None:
    twilio.own(f"{NUMBER}7")
    assert number_of(account, NUMBER).number == NUMBER
    assert number_of(account, NUMBER[:-1]) is None


def test_released_number_is_gone(twilio: Twilio, account: TwilioAccount) -> None:
    release(account, twilio.number(NUMBER)["sid"])
    assert not twilio.has(NUMBER)


def test_releasing_twice_is_fine(twilio: Twilio, account: TwilioAccount) -> None:
    sid = twilio.number(NUMBER)["sid"]
    release(account, sid)
    release(account, sid)


def test_release_that_twilio_refuses_is_told(
    twilio: Twilio, account: TwilioAccount
) -> None:
    twilio.fail(twilio_error(429, 20429, "Too Many Requests"))
    with pytest.raises(TwilioRefused, match="Try again in a minute"):
        release(account, "PN1")
