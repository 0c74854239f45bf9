"""Telephone numbers as the whole world dials them (ITU-T E.164)."""

import re

import phonenumbers
from django.core.exceptions import ValidationError

E164 = re.compile(r"\+[1-9]\d{6,14}")


def parsed(number: str) -> phonenumbers.PhoneNumber | None:
    """What is known of a number; None for what is none, or of no country's code."""
    try:
        return phonenumbers.parse(number) if E164.fullmatch(number) else None
    except phonenumbers.NumberParseException:
        return None


def validate_e164(number: str) -> None:
    """Refuse what is no number that exists somewhere; says how to write one."""
    if not E164.fullmatch(number):
        raise ValidationError(
            "Write the number with + and the country first, digits only: +15550002222."
        )
    known = parsed(number)
    if known is None or not phonenumbers.is_possible_number(known):
        raise ValidationError("No country has numbers like this: check the digits.")


def spaced(number: str) -> str:
    """The number as people of its country read it; other words as they are."""
    known = parsed(number)
    if known is None:
        return number
    return phonenumbers.format_number(
        known, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
