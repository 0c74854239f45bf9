"""What the model gets of a function's result."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel, SecretStr

from livekit_worker.tools.answer import MOST_CHARACTERS, NOTHING, answer


class Slot(BaseModel):
    """A result as a tool's author may give it."""

    day: date
    price: Decimal
    key: SecretStr = SecretStr("sesame")


def test_text_stays_as_it_is() -> None:
    assert answer("Booked for Monday.") == "Booked for Monday."


@pytest.mark.parametrize("nothing", [None, "", "  \n"])
def test_nothing_is_said_in_words(nothing: str | None) -> None:
    assert answer(nothing) == NOTHING


def test_structures_become_json() -> None:
    slots = [Slot(day=date(2026, 5, 4), price=Decimal("9.50"))]
    assert answer({"slots": slots}) == (
        '{"slots":[{"day":"2026-05-04","price":"9.50","key":"**********"}]}'
    )


def test_false_and_zero_are_answers() -> None:
    assert (answer(False), answer(0), answer([])) == ("false", "0", "[]")


def test_what_json_does_not_know_is_written_as_python_prints_it() -> None:
    assert answer({"range": range(2), "raw": b"\xff"}) == (
        '{"range":"range(0, 2)","raw":"_w=="}'
    )


def test_what_no_socket_takes_is_dropped() -> None:
    assert answer("caf\xe9 \ud83d\0!") == "caf\xe9 ?!"
    assert answer({"name": "caf\xe9 \ud83d\0!"}) == '{"name":"caf\xe9 ?!"}'


def test_secret_at_the_cut_leaves_no_half_of_itself() -> None:
    text = "x" * (MOST_CHARACTERS - 3) + "sesame"
    assert answer(text, lambda whole: whole.replace("sesame", "•")).endswith("x•")


def test_endless_result_is_cut_and_marked() -> None:
    text = answer("x" * 5_000_000)
    assert len(text) < MOST_CHARACTERS + 60
    assert text.endswith("[cut here: 4,992,000 more characters]")
