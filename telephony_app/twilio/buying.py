"""Numbers that can be had from Twilio, what they cost, and buying one.

https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
https://www.twilio.com/docs/phone-numbers/pricing
"""

from dataclasses import dataclass

from telephony_app.e164 import spaced
from telephony_app.models import TwilioAccount
from telephony_app.twilio.numbers import TwilioNumber, number_of
from telephony_app.twilio.rest import TwilioRefused, client_of, refusals
from telephony_app.twilio.voice_urls import METHODS, wanted

# Twilio's words of each kind: in its search, and in its price list.
KINDS = {
    "local": ("Local", "local"),
    "mobile": ("Mobile", "mobile"),
    "toll_free": ("Toll-free", "toll free"),
}
SHOWN = 20


@dataclass(frozen=True)
class Offer:
    """A number that can be had. Where `needs_address`, Twilio sells it only to who has
    an address on file there."""

    number: str
    place: str
    needs_address: bool

    @property
    def pretty(self) -> str:
        """As people read it."""
        return spaced(self.number)


@dataclass(frozen=True)
class Price:
    """What a number costs each month, in the account's currency (`USD`)."""

    amount: str
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} a month"


def offers(
    account: TwilioAccount, country: str, *, kind: str = "local", digits: str = ""
) -> list[Offer]:
    """Numbers of the country that can be called; `digits` are to be in them.

    Raises `TwilioRefused`, also where the country has none of this kind.
    """
    asked = {"contains": digits} if digits else {}
    with refusals():
        there = getattr(client_of(account).available_phone_numbers(country), kind)
        found = there.list(voice_enabled=True, limit=SHOWN, **asked)
    return [
        Offer(
            each.phone_number,
            ", ".join(filter(None, [each.locality, each.region])),
            each.address_requirements not in ("none", None),
        )
        for each in found
    ]


def price(account: TwilioAccount, country: str, *, kind: str = "local") -> Price | None:
    """What a number of the country costs; None where the list does not tell."""
    with refusals():
        countries = client_of(account).pricing.v1.phone_numbers.countries
        listed = countries(country).fetch()
    name = KINDS[kind][1]
    for each in listed.phone_number_prices or []:
        if each["number_type"] == name:
            return Price(each["current_price"], listed.price_unit)
    return None


def buy(account: TwilioAccount, number: str) -> TwilioNumber:
    """Buy this number, to be paid by the month from now on; it asks us at once.

    Raises `TwilioRefused` when it was not bought. Where the answer got lost, whether
    the account has the number tells.
    """
    try:
        with refusals():
            own = client_of(account).incoming_phone_numbers
            bought = own.create(phone_number=number, **wanted(), **METHODS)
            return TwilioNumber.of(bought)
    except TwilioRefused as refused:
        found = None if refused.code else number_of(account, number)
        if found is None:
            raise
        return found
