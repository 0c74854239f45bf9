"""The part of Twilio's API that numbers, their prices and outgoing lines need.

    with Twilio() as twilio:
        twilio.own("+15550002222", voice_url="https://elsewhere.example/voice")
        twilio.number("+15550002222")["voice_url"]
        twilio.for_sale.append("+15550003333")
        twilio.bought             # what was bought, and is paid for

https://www.twilio.com/docs/phone-numbers/api
https://www.twilio.com/docs/sip-trunking/api
"""

import secrets
from collections.abc import Iterable
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from tests.standins.serving import Endpoint, StandIn, as_json
from tests.standins.twilio.errors import ACCOUNT, ACCOUNT_SID, page, refused

NUMBER = "+4930900900"
OWN = f"{ACCOUNT}/IncomingPhoneNumbers"
ALL_BUT_FAX = {"sms": True, "voice": True, "mms": False}
FIELDS = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "StatusCallback": "status_callback",
    "TrunkSid": "trunk_sid",
    "VoiceApplicationSid": "voice_application_sid",
    "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallbackMethod": "status_callback_method",
}
PRICES = {
    "US": [("local", "1.15"), ("toll free", "2.15")],
    "DE": [("local", "1.15"), ("mobile", "15.00")],
}
NEEDS_ADDRESS = {"DE"}


class TwilioNumbers(StandIn):
    """Numbers that an account has and may have."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.own_numbers: dict[str, dict[str, Any]] = {}
        self.for_sale = ["+15550003333", "+15550004444"]
        self.bought: list[str] = []
        self.own(NUMBER)

    def own(self, number: str, **values: Any) -> str:
        """Let the account have a number; gives its SID."""
        sid = f"PN{secrets.token_hex(16)}"
        empty = dict.fromkeys(FIELDS.values(), "")
        about = {"sid": sid, "phone_number": number, "friendly_name": number}
        able = {"capabilities": dict(ALL_BUT_FAX)}
        self.own_numbers[sid] = empty | about | able | values
        return sid

    def number(self, number: str) -> dict[str, Any]:
        """A number of the account's, as it is now."""
        found = self.own_numbers.values()
        return next(each for each in found if each["phone_number"] == number)

    def has(self, number: str) -> bool:
        """Whether the account owns the number."""
        owned = self.own_numbers.values()
        return any(each["phone_number"] == number for each in owned)

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """Method, path and function of each endpoint."""
        for_sale = f"{ACCOUNT}/AvailablePhoneNumbers/<country>/<kind>.json"
        return [
            *super().routes(),
            ("GET", f"{OWN}.json", self._own_numbers),
            ("POST", f"{OWN}.json", self._buy),
            ("POST", f"{OWN}/<number_sid>.json", self._change),
            ("DELETE", f"{OWN}/<number_sid>.json", self._release),
            ("GET", for_sale, self._for_sale),
            ("GET", "/v1/PhoneNumbers/Countries/<country>", self._prices),
        ]

    def check(self, request: Request, sid: str = ACCOUNT_SID) -> None:
        """Refuse who is not signed in."""

    def _own_numbers(self, request: Request, sid: str) -> Response:
        self.check(request, sid)
        wanted = request.args.get("PhoneNumber", "")
        found = self.own_numbers.values()
        rows = [each for each in found if wanted in each["phone_number"]]
        return page("incoming_phone_numbers", rows)

    def _buy(self, request: Request, sid: str) -> Response:
        self.check(request, sid)
        number = request.form["PhoneNumber"]
        if number not in self.for_sale:
            raise refused(21422, f"{number} is not available")
        if number.startswith("+49"):
            raise refused(21631, "Phone Number Requires an Address")
        self.for_sale.remove(number)
        self.bought.append(number)
        bought = self.own_numbers[self.own(number, **_asked(request))]
        return as_json(bought, 201)

    def _change(self, request: Request, sid: str, number_sid: str) -> Response:
        self.check(request, sid)
        self._one(number_sid).update(_asked(request))
        return as_json(self.own_numbers[number_sid])

    def _release(self, request: Request, sid: str, number_sid: str) -> Response:
        self.check(request, sid)
        self._one(number_sid)
        del self.own_numbers[number_sid]
        return Response(status=204)

    def _one(self, number_sid: str) -> dict[str, Any]:
        if number_sid not in self.own_numbers:
            raise NotFound
        return self.own_numbers[number_sid]

    def _for_sale(
        self, request: Request, sid: str, country: str, kind: str
    ) -> Response:
        self.check(request, sid)
        if country not in PRICES or kind == "Mobile":
            raise NotFound
        digits = request.args.get("Contains", "")
        prefix = "+49" if country == "DE" else "+1"
        has = [n for n in self.for_sale if n.startswith(prefix) and digits in n]
        rows = [_offer(number, country) for number in has]
        return page("available_phone_numbers", rows)

    def _prices(self, request: Request, country: str) -> Response:
        self.check(request)
        if country not in PRICES:
            raise NotFound
        prices = [
            {"number_type": kind, "base_price": price, "current_price": price}
            for kind, price in PRICES[country]
        ]
        about = {"country": country, "iso_country": country, "price_unit": "USD"}
        return as_json(about | {"phone_number_prices": prices})


def _asked(request: Request) -> dict[str, str]:
    form = request.form
    return {name: form[field] for field, name in FIELDS.items() if field in form}


def _offer(number: str, country: str) -> dict[str, Any]:
    return {
        "phone_number": number,
        "friendly_name": number,
        "locality": "Springfield",
        "region": "IL",
        "iso_country": country,
        "address_requirements": "any" if country in NEEDS_ADDRESS else "none",
        "capabilities": ALL_BUT_FAX,
    }
