"""The telephone numbers of an account at Twilio.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from dataclasses import dataclass
from typing import Any, Self

from telephony_app.models import TwilioAccount
from telephony_app.twilio.rest import client_of, refusals

MOST = 1000
GONE = 20404


@dataclass(frozen=True)
class TwilioNumber:
    """A number as Twilio has it: where it asks when somebody calls.

    With a `trunk_sid` or an `application_sid` it asks there, and not at `voice_url`.
    """

    sid: str
    number: str
    name: str
    speaks: bool
    voice_url: str
    voice_fallback_url: str
    status_callback: str
    trunk_sid: str
    application_sid: str

    @classmethod
    def of(cls, found: Any) -> Self:
        """From what Twilio's library gives."""
        return cls(
            sid=found.sid,
            number=found.phone_number,
            name=found.friendly_name or "",
            speaks=bool((found.capabilities or {}).get("voice")),
            voice_url=found.voice_url or "",
            voice_fallback_url=found.voice_fallback_url or "",
            status_callback=found.status_callback or "",
            trunk_sid=found.trunk_sid or "",
            application_sid=found.voice_application_sid or "",
        )


def numbers_of(account: TwilioAccount) -> list[TwilioNumber]:
    """All that the account owns; raises `TwilioRefused`."""
    with refusals():
        found = client_of(account).incoming_phone_numbers.list(limit=MOST)
    return [TwilioNumber.of(each) for each in found]


def number_of(account: TwilioAccount, number: str) -> TwilioNumber | None:
    """The account's number of these digits; None when it has none such."""
    with refusals():
        own = client_of(account).incoming_phone_numbers
        # Twilio takes what is given for a part of a number.
        found = own.list(phone_number=number, limit=20)
    return next((TwilioNumber.of(f) for f in found if f.phone_number == number), None)


def release(account: TwilioAccount, sid: str) -> None:
    """Give the number back to Twilio, for good. One that is gone already is fine."""
    with refusals(fine=GONE):
        client_of(account).incoming_phone_numbers(sid).delete()
