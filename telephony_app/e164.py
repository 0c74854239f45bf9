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


def is_telephone(number: str) -> bool:
    """Whether some country could have the number. Callers who hide theirs come with a
    word, or with one that spells it: +266696687 is ANONYMOUS on the keypad."""
    known = parsed(number)
    return known is not None and phonenumbers.is_possible_number(known)


def validate_e164(number: str) -> None:
    """Refuse what is no number that exists somewhere; says how to write one."""
    if not E164.fullmatch(number):
        raise ValidationError(
            "Write the number with + and the country first, digits only: +15550002222."
        )
    if not is_telephone(number):
        raise ValidationError("No country has numbers like this: check the digits.")


def spaced(number: str) -> str:
    """The number as people of its country read it; other words as they are."""
    known = parsed(number)
    if known is None:
        return number
    return phonenumbers.format_number(
        known, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


def masked(number: str) -> str:
    """The number for log lines: enough to tell callers apart, not to call."""
    return f"{number[:5]}…{number[-2:]}" if len(number) > 9 else number[:5]
