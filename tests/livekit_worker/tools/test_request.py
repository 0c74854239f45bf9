"""When two requests ask for the same."""

from datetime import date

from pydantic import BaseModel, SecretStr

from livekit_worker.tools.request import fingerprint


class Card(BaseModel):
    """An argument with a secret inside."""

    number: SecretStr


def paid(number: str) -> str:
    """The fingerprint of a payment."""
    return fingerprint({"card": Card(number=SecretStr(number))})


def test_order_of_the_arguments_does_not_matter() -> None:
    assert fingerprint({"a": 1, "b": {"c": 2, "d": 3}}) == fingerprint(
        {"b": {"d": 3, "c": 2}, "a": 1}
    )


def test_other_values_make_another_request() -> None:
    monday, tuesday = date(2026, 5, 4), date(2026, 5, 5)
    assert fingerprint({"day": monday}) != fingerprint({"day": tuesday})


def test_secrets_make_a_difference_and_cannot_be_seen() -> None:
    assert paid("4111111111111111") != paid("4012888888881881")
    assert paid("4111111111111111") == paid("4111111111111111")
    assert "4111" not in paid("4111111111111111")


def test_fingerprint_fits_its_column() -> None:
    assert len(fingerprint({"text": "x" * 100_000})) == 64
