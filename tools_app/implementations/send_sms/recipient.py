"""Which number a text message goes to, and whether it may."""

from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from tools_app.errors import ToolError

# What texting costs more than people think.
COSTLY = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.PAGER,
}


def recipient(written: str, countries: Collection[str]) -> str:
    """The number in E.164; raises `ToolError` for one that gets no messages.

    One without its country's code is of the first country.
    """
    home = next(iter(countries), None)
    try:
        number = phonenumbers.parse(written, home)
    except NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ToolError(
            "That is no valid phone number. Ask the caller to say it digit by digit, "
            "beginning with the country's code."
        )
    region = phonenumbers.region_code_for_number(number)
    if region not in countries or phonenumbers.number_type(number) in COSTLY:
        raise ToolError(
            "Messages cannot be sent to that number. Ask for another one, or offer "
            "another way.",
            detail=f"It is a number of {region or 'no country'}; allowed are "
            f"{', '.join(countries)}, and no costly ones.",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
