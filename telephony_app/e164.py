"""Telephone numbers as the whole world dials them (ITU-T E.164)."""

import re

import phonenumbers
from django.core.exceptions import ValidationError

E164 = re.compile(r"\+[1-9]\d{6,14}")


def validate_e164(number: str) -> None:
    """Refuse what is no number that exists somewhere; says how to write one."""
    if not E164.fullmatch(number):
        raise ValidationError(
            "Write the number with + and the country first, digits only: +15550002222."
        )
    if not phonenumbers.is_possible_number(phonenumbers.parse(number)):
        raise ValidationError("No country has numbers like this: check the digits.")


def spaced(number: str) -> str:
    """The number as people of its country read it; other words as they are."""
    if not E164.fullmatch(number):
        return number
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(phonenumbers.parse(number), international)
