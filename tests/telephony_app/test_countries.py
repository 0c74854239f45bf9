"""Countries by their codes."""

from telephony_app.countries import country_names, zones


def test_countries_have_names_in_their_order() -> None:
    names = country_names()
    assert names["DE"] == "Germany" and names["US"] == "United States"
    assert list(names.values()) == sorted(names.values())


def test_places_without_telephones_are_left_out() -> None:
    assert "BV" not in country_names()


def test_time_zones_are_read_without_underscores() -> None:
    assert ("America/New_York", "America/New York") in zones()
