"""Arguments checked by a JSON Schema."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tools_app.errors import ToolError
from tools_app.functions.arguments import ArgumentsSchema, check_schema

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer", "default": 1, "maximum": 9},
        "unit": {"enum": ["metric", "imperial"]},
        "note": {"type": ["string", "null"]},
        "born": {"type": "string", "format": "date"},
    },
    "required": ["city"],
    "additionalProperties": False,
}


def refusal(**arguments: Any) -> str:
    """What the model is told of these arguments."""
    with pytest.raises(ToolError) as caught:
        ArgumentsSchema("forecast", SCHEMA).checked(arguments)
    return caught.value.words


def test_defaults_are_filled_in_and_null_means_them() -> None:
    checked = ArgumentsSchema("forecast", SCHEMA).checked
    assert checked({"city": "Oslo", "days": None}) == {"city": "Oslo", "days": 1}
    assert checked({"city": "Oslo", "note": None})["note"] is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": "4111"}, "At days: This must be a whole number."),
        ({"days": 10}, "At days: This is too high: use 9 or less."),
        ({"unit": "4111"}, "At unit: Choose one of metric, imperial."),
        ({"born": "4111"}, "At born: This must be a date like"),
        ({"town": "4111"}, "It knows city, days"),
        ({"city": None}, "At city: This must be text."),
    ],
)
def test_each_wrong_argument_is_named_without_its_value(
    wrong: dict[str, Any], words: str
) -> None:
    told = refusal(**{"city": "Oslo", **wrong})
    assert words in told
    assert "4111" not in told


def test_missing_argument_is_named() -> None:
    assert refusal() == "Wrong arguments for forecast: This misses city."


def test_schema_elsewhere_is_not_fetched(httpserver: HTTPServer) -> None:
    schema = {"properties": {"a": {"$ref": httpserver.url_for("/schema")}}}
    with pytest.raises(ToolError, match="cannot be used"):
        ArgumentsSchema("f", schema).checked({"a": 1})
    assert not httpserver.log


def test_schema_that_is_none_is_told_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"properties\.a\.type"):
        check_schema({"properties": {"a": {"type": "text"}}})


def test_pattern_of_a_stranger_does_not_hold_up_the_call() -> None:
    schema = {"properties": {"code": {"type": "string", "pattern": "^([a-z0-9]+)+$"}}}
    # Python's own engine would not come back.
    with pytest.raises(ToolError, match="must match the pattern"):
        ArgumentsSchema("f", schema).checked({"code": "a" * 40 + "!"})


def test_references_that_double_do_not_hold_up_the_call() -> None:
    steps = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)}
    types = steps | {"d40": {"type": "string"}}
    schema = {"properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": types}
    # Followed to the end they are a million millions.
    with pytest.raises(ToolError, match="cannot be used"):
        ArgumentsSchema("f", schema).checked({"a": "text"})


def test_type_that_contains_itself_is_followed() -> None:
    tree = {"type": "object", "properties": {"a": {"$ref": "#/$defs/tree"}}}
    schema = {"properties": {"a": {"$ref": "#/$defs/tree"}}, "$defs": {"tree": tree}}
    deep = {"a": {"a": {"a": {}}}}
    assert ArgumentsSchema("f", schema).checked(deep) == deep
