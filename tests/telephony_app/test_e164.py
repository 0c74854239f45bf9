"""Telephone numbers as the whole world dials them."""

import pytest
from django.core.exceptions import ValidationError

from telephony_app.e164 import spaced, validate_e164


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
