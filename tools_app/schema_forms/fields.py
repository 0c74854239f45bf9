"""The form field for a property of a JSON Schema; its clean value is the JSON value."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.html import escape
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanWidget,
)

from tools_app.schema_forms.properties import Property
from tools_app.schema_forms.widgets import JsonInput, LinesInput, TypedInput, as_json

# Above this many characters a text gets a box of several lines.
LINE = 300
# What browsers have a box of their own for.
INPUT_TYPES = {"date": "date", "email": "email", "time": "time"}


def field_of(prop: Property) -> forms.Field:
    """The field, with the author's words beside it and the default already in it."""
    field = _kind(prop)(prop)
    field.label = prop.label
    field.help_text = _help(prop, field)
    field.initial = prop.schema.get("default", field.initial)
    if not isinstance(field, forms.BooleanField):
        field.required = prop.is_required
    return field


def _kind(prop: Property) -> Callable[[Property], forms.Field]:
    if prop.choices:
        return _choice
    match prop.type:
        case "boolean" if prop.schema.get("default", False) is None:
            return _yes_or_no
        case "boolean":
            return _switch
        case "integer" | "number":
            return _number
        case "string":
            return _text
        case "array" if prop.items.choices:
            return _choices
        case "array" if prop.items.type == "string":
            return lambda prop: LinesField()
        case _:
            return lambda prop: JsonField()


def _help(prop: Property, field: forms.Field) -> str:
    """A stranger's server may have written the words: they never become markup."""
    said = str(prop.schema.get("description", "")).strip()
    how = getattr(field, "how", "")
    return escape(" ".join(filter(None, [said, how])))


def _switch(prop: Property) -> forms.Field:
    return forms.BooleanField(required=False, widget=UnfoldBooleanWidget)


def _yes_or_no(prop: Property) -> forms.Field:
    """A switch that may be left alone."""
    return JsonChoiceField(
        choices=[("", "(not set)"), ("true", "Yes"), ("false", "No")],
        coerce=json.loads,
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
    )


def _number(prop: Property) -> forms.Field:
    is_whole = prop.type == "integer"
    bounds = {"min": "minimum", "max": "maximum"}
    attrs = {a: prop.schema[key] for a, key in bounds.items() if key in prop.schema}
    widget = UnfoldAdminDecimalFieldWidget(
        attrs | {"type": "number", "step": 1 if is_whole else "any"}
    )
    return forms.IntegerField(widget=widget) if is_whole else FiniteField(widget=widget)


def _text(prop: Property) -> forms.Field:
    shape = prop.schema.get("format", "")
    if shape in ("uri", "url"):
        return UrlField()
    if shape in INPUT_TYPES:
        return forms.CharField(widget=TypedInput(INPUT_TYPES[shape]))
    is_long = prop.schema.get("maxLength", 0) > LINE or shape == "textarea"
    return forms.CharField(
        widget=UnfoldAdminTextareaWidget({"rows": 4})
        if is_long
        else UnfoldAdminTextInputWidget()
    )


def _choice(prop: Property) -> forms.Field:
    offered = [(as_json(value), str(value)) for value in prop.choices]
    may_be_left = not prop.is_required and prop.schema.get("default") is None
    return JsonChoiceField(
        choices=[("", "(not set)"), *offered] if may_be_left else offered,
        coerce=json.loads,
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
    )


def _choices(prop: Property) -> forms.Field:
    return JsonChoicesField(
        choices=[(as_json(value), str(value)) for value in prop.items.choices],
        coerce=json.loads,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


class JsonChoiceField(forms.TypedChoiceField):
    """One of the values that an enum lists, whatever their type."""

    def prepare_value(self, value: Any) -> Any:
        return _key(value, self.choices)


class JsonChoicesField(forms.TypedMultipleChoiceField):
    """Some of the values that an enum lists."""

    def prepare_value(self, value: Any) -> Any:
        return [_key(entry, self.choices) for entry in value or []]


def _key(value: Any, choices: Any) -> str:
    """How a form writes a value: sent ones are written so already."""
    if value is None:
        return ""
    return value if value in [key for key, _ in choices] else as_json(value)


class FiniteField(forms.FloatField):
    """A number as JSON knows it: whole ones stay whole."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return int(number) if number is not None and number.is_integer() else number


class LinesField(forms.CharField):
    """A list of texts; blank lines do not count."""

    widget = LinesInput
    how = "One a line."

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return [line for line in lines if line]


class JsonField(forms.JSONField):
    """Anything, as JSON."""

    widget = JsonInput
    how = "Written as JSON."
    default_error_messages = {
        "invalid": "This is not JSON. Check quotes, commas and brackets: texts need "
        'double quotes, as in {"name": "Ava"}.'
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decoder=StrictDecoder, **kwargs)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if "\\u0000" in as_json(found):
            raise ValidationError("This holds a null character, which cannot be kept.")
        return found

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, InvalidJSONInput):
            return value
        return "" if value is None else as_json(value)


class StrictDecoder(json.JSONDecoder):
    """JSON without `NaN` and `Infinity`, which PostgreSQL does not keep."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"parse_constant": _refuse})


def _refuse(constant: str) -> None:
    raise json.JSONDecodeError("no number", constant, 0)


class UrlField(forms.CharField):
    """A web address; names without a dot are fine, for they exist in one's network."""

    widget = UnfoldAdminURLInputWidget

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        if address and not _is_web(address):
            raise ValidationError("Write an address that begins with https://.")
        return address


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
