"""Native fields from JSON Schemas: what each takes, gives and refuses."""

from typing import Any

import pytest
from django import forms
from django.forms.models import BaseForm

from tools_app.schema_forms.schema_fields import SchemaFields


def schema_of(**properties: Any) -> dict[str, Any]:
    """A schema with these properties, none of them required."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def form_of(schema: dict[str, Any], data: Any = None, **given: Any) -> BaseForm:
    """The form of a schema; what was complained about is in its errors."""
    fields = SchemaFields(schema, prefix="", given=given)
    form: BaseForm = type("Made", (forms.Form,), fields.fields)(data)
    if data is not None:
        form.is_valid()
        fields.complain(form)
    return form


def told(property_: dict[str, Any], typed: Any) -> Any:
    """What the tool gets of the property `x` when this was typed; None for nothing."""
    schema = schema_of(x=property_)
    form = form_of(schema, {"x": typed})
    assert not form.errors
    return SchemaFields(schema, prefix="").values(form.cleaned_data).get("x")


def refused(property_: dict[str, Any], typed: Any) -> str:
    """The words at the field `x` when this was typed."""
    errors = form_of(schema_of(x=property_), {"x": typed}).errors
    assert list(errors) == ["x"]
    return errors["x"].as_text()


STRING, LINES = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
MAYBE = {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}
DAYS = {"type": "array", "items": {"enum": ["mon", "tue"]}}


@pytest.mark.parametrize(
    ("property_", "typed", "value"),
    [
        (STRING, " Ava ", "Ava"),
        (STRING, "", None),
        ({"type": "integer"}, "12", 12),
        ({"type": "number"}, "0.5", 0.5),
        ({"type": "number"}, "2", 2),
        ({"type": "boolean"}, "on", True),
        ({"type": "boolean"}, "", False),
        ({"type": "boolean", "default": None}, "", None),
        ({"type": "boolean", "default": None}, "false", False),
        ({"enum": ["a", "b"]}, '"b"', "b"),
        ({"enum": [1, 2]}, "2", 2),
        ({"enum": ["a"]}, "", None),
        ({"const": "fixed"}, '"fixed"', "fixed"),
        (LINES, "one\r\n\n two ", ["one", "two"]),
        (LINES, "", None),
        (DAYS, ['"mon"', '"tue"'], ["mon", "tue"]),
        ({"type": "object"}, '{"a": [1]}', {"a": [1]}),
        ({"type": "array", "items": {"type": "integer"}}, "[1, 2]", [1, 2]),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, '"x"', "x"),
        ({}, "true", True),
        (MAYBE, "3", 3),
        (MAYBE, "", None),
        (
            {"type": "string", "format": "uri"},
            "http://calendar:80/x",
            "http://calendar:80/x",
        ),
        ({"type": "string", "format": "date"}, "2026-03-02", "2026-03-02"),
    ],
)
def test_what_is_typed_becomes_the_json_value(
    property_: dict[str, Any], typed: Any, value: Any
) -> None:
    assert told(property_, typed) == value


@pytest.mark.parametrize(
    ("property_", "typed", "words"),
    [
        ({"type": "integer"}, "soon", "Enter a whole number."),
        ({"type": "integer", "minimum": 3}, "2", "too low: use 3 or more"),
        ({"type": "integer", "maximum": 3}, "4", "too high: use 3 or less"),
        ({"type": "number", "exclusiveMinimum": 0}, "0", "use more than 0"),
        ({"type": "number"}, "NaN", "Enter a number."),
        ({"type": "string", "minLength": 3}, "ab", "use 3 characters or more"),
        ({"type": "string", "maxLength": 3}, "abcd", "use 3 characters or fewer"),
        ({"type": "string", "pattern": "^x"}, "ab", "must match the pattern ^x"),
        ({"type": "string", "format": "date"}, "soon", "a date like 2026-03-02"),
        ({"type": "string", "format": "email"}, "soon", "an email address"),
        ({"type": "string", "format": "uri"}, "ftp://x", "begins with https://"),
        ({"type": "string", "format": "uri"}, "https://[", "begins with https://"),
        ({"enum": ["a", "b"]}, "c", "Select a valid choice."),
        (DAYS, ['"sun"'], "Select a valid choice."),
        ({**LINES, "maxItems": 1}, "a\nb", "Give 1 or fewer."),
        ({"type": "object"}, "{a: 1}", "This is not JSON."),
        ({"type": "object"}, "[1]", "This must be an object, in braces."),
        ({"type": "object"}, '{"a": NaN}', "This is not JSON."),
        ({"type": "object"}, '{"a": "\\u0000"}', "null character"),
        (
            {"type": "object", "properties": {"a": {"type": "integer"}}},
            '{"a": "x"}',
            "At a: This must be a whole number.",
        ),
        (
            {"type": "object", "properties": {"a": {}}, "required": ["a"]},
            '{"b": 1}',
            "This misses a.",
        ),
    ],
)
def test_error_is_at_the_field_and_says_the_mend(
    property_: dict[str, Any], typed: Any, words: str
) -> None:
    assert words in refused(property_, typed)


def test_error_never_repeats_what_was_typed() -> None:
    for schema in ({"pattern": "^x"}, {"minLength": 99}, {"format": "date"}):
        assert "hunter2" not in refused({"type": "string", **schema}, "hunter2")


def test_default_is_shown_and_not_stored() -> None:
    property_ = {"type": "integer", "default": 30}
    form = form_of(schema_of(x=property_))
    assert form["x"].value() == 30
    assert told(property_, "30") is None
    assert told(property_, "31") == 31


def test_switch_whose_default_is_on_can_be_switched_off() -> None:
    assert told({"type": "boolean", "default": True}, "") is False


def test_list_whose_default_has_entries_can_be_emptied() -> None:
    assert told({**LINES, "default": ["a"]}, "") == []


def test_what_was_given_is_shown_before_the_default() -> None:
    form = form_of(schema_of(x={**LINES, "default": ["a"]}), x=["b", "c"])
    assert "b\nc</textarea>" in str(form["x"])


@pytest.mark.parametrize(
    ("property_", "given", "shown"),
    [
        ({"enum": ["a", "b"]}, "b", 'value="&quot;b&quot;" selected'),
        (DAYS, ["tue"], 'value="&quot;tue&quot;" '),
        ({"type": "object"}, {"a": 1}, "{\n  &quot;a&quot;: 1\n}"),
        ({"type": "boolean"}, True, "checked"),
    ],
)
def test_what_was_given_is_in_the_box(
    property_: dict[str, Any], given: Any, shown: str
) -> None:
    assert shown in str(form_of(schema_of(x=property_), x=given)["x"])


def test_missing_required_is_an_error_at_its_field() -> None:
    form = form_of({**schema_of(x=STRING), "required": ["x"]}, {})
    assert list(form.errors) == ["x"]


@pytest.mark.parametrize(
    ("name", "title", "label"),
    [
        ("api_key", "Api Key", "API key"),
        ("calendar_id", None, "Calendar ID"),
        ("units", "Units of temperature", "Units of temperature"),
    ],
)
def test_label_reads_as_people_write(name: str, title: Any, label: str) -> None:
    property_ = STRING | ({"title": title} if title else {})
    assert form_of(schema_of(**{name: property_})).fields[name].label == label


def test_description_is_help_and_never_markup() -> None:
    form = form_of(schema_of(x=STRING | {"description": "<script>x</script>"}))
    assert form.fields["x"].help_text == "&lt;script&gt;x&lt;/script&gt;"


def test_references_are_followed() -> None:
    schema = schema_of(x={"$ref": "#/$defs/Colour", "default": "red"})
    schema["$defs"] = {"Colour": {"enum": ["red", "blue"], "title": "Colour"}}
    form = form_of(schema, {"x": '"green"'})
    assert "Select a valid choice." in form.errors["x"].as_text()
    assert form.fields["x"].label == "X"


@pytest.mark.parametrize(
    "broken",
    [
        {"$ref": "#/$defs/Nowhere"},
        {"$ref": "#/properties/x"},
        {"$ref": "https://example.com/schema.json"},
        {"type": "nonsense"},
        {"type": "integer", "minimum": "three"},
        {"type": "string", "pattern": "("},
        {"type": ["string", "integer"]},
        {"enum": []},
        True,
        None,
    ],
)
def test_a_strangers_broken_schema_breaks_no_page(broken: Any) -> None:
    form = form_of(schema_of(x=broken), {"x": "1"})
    assert str(form["x"])


def test_rule_about_several_fields_is_told_above_the_form() -> None:
    schema = schema_of(a=STRING, b=STRING) | {"dependentRequired": {"a": ["b"]}}
    assert list(form_of(schema, {"a": "x"}).errors) == ["__all__"]
