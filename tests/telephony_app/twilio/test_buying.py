"""Numbers that can be had, their price, and buying one."""

import pytest

from telephony_app.models import TwilioAccount
from telephony_app.twilio.buying import buy, offers, price
from telephony_app.twilio.rest import TwilioRefused
from tests.standins.twilio.rest import Twilio, twilio_error

FREE = "+15550003333"


def test_offers_say_number_and_place(twilio: Twilio, account: TwilioAccount) -> None:
    first, second = offers(account, "US")
    assert (first.number, first.place) == (FREE, "Springfield, IL")
    assert not first.needs_address


def test_offers_can_be_asked_for_digits(twilio: Twilio, account: TwilioAccount) -> None:
    assert [offer.number for offer in offers(account, "US", digits="4444")] == [
        "+15550004444"
    ]


def test_offer_that_needs_an_address_says_so(
    twilio: Twilio, account: TwilioAccount
) -> None:
    twilio.for_sale.append("+4930111111")
    [offer] = offers(account, "DE")
    assert offer.needs_address


def test_country_without_numbers_is_refused(
    twilio: Twilio, account: TwilioAccount
) -> None:
    with pytest.raises(TwilioRefused):
        offers(account, "KP")


def test_price_is_that_of_the_kind(twilio: Twilio, account: TwilioAccount) -> None:
    assert str(price(account, "US")) == "1.15 USD a month"
    assert str(price(account, "US", kind="toll_free")) == "2.15 USD a month"
    assert price(account, "US", kind="mobile") is None


def test_bought_number_asks_us_at_once(
    twilio: Twilio, account: TwilioAccount, public: str
) -> None:
    bought = buy(account, FREE)
    assert twilio.bought == [FREE]
    assert bought.voice_url == f"{public}/api/v1/voice/twilio/incoming"


def test_number_that_somebody_else_got_is_refused(
    twilio: Twilio, account: TwilioAccount
) -> None:
    with pytest.raises(TwilioRefused, match="not available"):
        buy(account, "+15550009999")
    assert not twilio.bought


def test_lost_answer_buys_no_second_number(
    twilio: Twilio, account: TwilioAccount, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony_app.twilio.rest.TIMEOUT_SECONDS", 0.3)
    twilio.fail(method="POST", seconds=1, after=True)
    assert buy(account, FREE).number == FREE
    assert twilio.bought == [FREE]


def test_refusal_is_no_lost_answer(twilio: Twilio, account: TwilioAccount) -> None:
    twilio.fail(twilio_error(400, 21631, "Phone Number Requires an Address"))
    with pytest.raises(TwilioRefused, match="Requires an Address"):
        buy(account, FREE)
