"""Countries by their ISO 3166 codes, time zones, and what people call them."""

import functools
from importlib.resources import files
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS


@functools.cache
def country_names() -> dict[str, str]:
    """Every country that has telephone numbers, in the order of names.

    The names are those of the time zone database.
    """
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text()
    rows = (line.split("\t") for line in table.splitlines() if line[0] != "#")
    names = {code: name for code, name in rows if code in SUPPORTED_REGIONS}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def zones() -> list[tuple[str, str]]:
    """Time zones by the names of places."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
