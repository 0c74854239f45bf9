"""Telephone numbers as the whole world dials them."""

import pytest
from django.core.exceptions import ValidationError

from telephony_app.e164 import is_telephone, masked, spaced, validate_e164


def test_number_with_its_country_is_one() -> None:
    validate_e164("+12025550123")


@pytest.mark.parametrize("number", ["2025550123", "+0202555", "+1 202", "+1202x", ""])
def test_number_that_is_not_written_so_is_refused_with_how_to(number: str) -> None:
    with pytest.raises(ValidationError, match="with \\+ and the country first"):
        validate_e164(number)


@pytest.mark.parametrize("number", ["+99912345678", "+2101234567", "+1202555"])
def test_number_that_no_country_has_is_refused(number: str) -> None:
    with pytest.raises(ValidationError, match="No country has numbers like this"):
        validate_e164(number)


def test_number_is_shown_as_its_country_reads_it() -> None:
    assert spaced("+442079460123") == "+44 20 7946 0123"


@pytest.mark.parametrize("words", ["anonymous", "+99912345678", ""])
def test_words_that_are_no_number_are_shown_as_they_are(words: str) -> None:
    assert spaced(words) == words


@pytest.mark.parametrize(
    ("number", "is_one"),
    [("+12025550123", True), ("+266696687", False), ("anonymous", False), ("", False)],
)
def test_number_that_spells_anonymous_is_none(number: str, *, is_one: bool) -> None:
    assert is_telephone(number) == is_one


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+12025550123", "+1202…23"), ("anonymous", "anony"), ("", "")],
)
def test_log_lines_have_a_part_of_the_number(number: str, shown: str) -> None:
    assert masked(number) == shown
