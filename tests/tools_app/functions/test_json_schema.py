"""What a stranger's patterns cannot make us do, and what they still check."""

from typing import Any

import pytest
from jsonschema import Draft7Validator

from tools_app.functions.json_schema import checker_of

# With `re`, each letter of the value doubles the time for these.
SLOW = "^([a-z0-9]+)+$"
VALUE = "a" * 40 + "!"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def fits(schema: dict[str, Any], value: Any) -> bool:
    return checker_of(schema).is_valid(value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"pattern": SLOW}, VALUE),
        ({"properties": {"a": {"$schema": DRAFT, "pattern": SLOW}}}, {"a": VALUE}),
        (
            {"patternProperties": {SLOW: True}, "additionalProperties": False},
            {VALUE: 1},
        ),
        (
            {"patternProperties": {SLOW: True}, "unevaluatedProperties": False},
            {VALUE: 1},
        ),
    ],
)
def test_pattern_of_a_stranger_comes_to_an_end(schema: Any, value: object) -> None:
    fits(schema, value)


def test_pattern_is_looked_for_anywhere_in_a_text() -> None:
    assert fits({"pattern": "b+"}, "abc")
    assert not fits({"pattern": "^b+"}, "abc")
    assert fits({"pattern": "^b+"}, 5)


def test_properties_are_known_by_name_or_by_pattern() -> None:
    schema = {
        "properties": {"city": {"type": "string"}},
        "patternProperties": {"^day_": {"type": "integer"}},
        "additionalProperties": False,
    }
    assert fits(schema, {"city": "Oslo", "day_1": 3})
    assert not fits(schema, {"day_1": "three"})
    assert not fits(schema, {"night_1": 3})
    assert fits(schema, "no object")


def test_pattern_that_needs_to_look_back_is_left_to_the_tool() -> None:
    assert fits({"pattern": "^(?=a)b$"}, "b")


def test_property_may_be_named_like_a_keyword() -> None:
    assert not fits({"properties": {"$schema": {"type": "string"}}}, {"$schema": 5})


def test_dialect_is_the_one_asked_for() -> None:
    tuple_of_draft_7 = {"items": [{"type": "integer"}]}
    assert not checker_of(tuple_of_draft_7, Draft7Validator).is_valid(["one"])
