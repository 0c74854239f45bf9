"""Values in what people say."""

from typing import Any

import pytest

from livekit_worker.sandbox.function import Parameter
from livekit_worker.sandbox.language.numbers import in_words, with_digits
from livekit_worker.sandbox.language.values import find_value
from tests.livekit_worker.sandbox.conftest import SATURDAY


def value(name: str, schema: dict[str, Any], text: str, *, asked: bool = True) -> Any:
    """The value of such a parameter in `text`."""
    parameter = Parameter.read(name, schema, required=True)
    return find_value(parameter, text, today=SATURDAY, asked=asked)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "2026-11-21"),
        ("the day after tomorrow", "2026-11-23"),
        ("next Saturday", "2026-11-28"),
        ("on the third of March", "2027-03-03"),
        ("December 24th", "2026-12-24"),
        ("2026-12-01", "2026-12-01"),
        ("in two weeks", "2026-12-05"),
        ("the 31st of February", None),
        ("never", None),
    ],
)
def test_day(said: str, day: str | None) -> None:
    assert value("date", {"type": "string"}, said) == day


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("ten", "10:00"),
        ("at three", "15:00"),
        ("9 am", "09:00"),
        ("half past ten", "10:30"),
        ("quarter to four", "15:45"),
        ("ten thirty", "10:30"),
        ("seven in the evening", "19:00"),
        ("14:45", "14:45"),
        ("noon", "12:00"),
        ("soon", None),
    ],
)
def test_clock_time(said: str, clock: str | None) -> None:
    assert value("time", {"type": "string"}, said) == clock


def test_day_and_time_together() -> None:
    schema = {"type": "string", "format": "date-time"}
    assert value("start", schema, "Monday at 10") == "2026-11-23T10:00:00"
    assert value("start", schema, "Monday") is None


@pytest.mark.parametrize(
    ("schema", "said", "expected"),
    [
        ({"type": "INTEGER"}, "twenty five", 25),
        ({"type": "number"}, "about 2.5", 2.5),
        ({"type": "integer"}, "a table for two at seven", 2),
        ({"type": "BOOLEAN"}, "yes please", True),
        ({"type": "boolean"}, "no", False),
        (
            {"type": "string", "enum": ["small", "very_large"]},
            "Very large!",
            "very_large",
        ),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "seven", 7),
        ({"type": "array"}, "red, blue and green", ["red", "blue", "green"]),
        ({"type": "object"}, '{"a": 1}', {"a": 1}),
        ({"type": "object"}, "a is one", None),
    ],
)
def test_kind_of_value(schema: dict[str, Any], said: str, expected: Any) -> None:
    assert value("thing", schema, said) == expected


def test_email_is_found_in_a_sentence() -> None:
    said = "write to ada@example.com please"
    assert value("email", {"type": "string"}, said, asked=False) == "ada@example.com"


def test_free_text_is_only_taken_when_asked_or_named() -> None:
    schema = {"type": "string"}
    assert value("name", schema, "Ada Lovelace.") == "Ada Lovelace"
    assert value("name", schema, "book it", asked=False) is None
    assert value("name", schema, "book it, name is Ada", asked=False) == "Ada"


@pytest.mark.parametrize("number", range(100))
def test_number_words_and_digits_are_the_same(number: int) -> None:
    assert with_digits(in_words(number)) == str(number)
