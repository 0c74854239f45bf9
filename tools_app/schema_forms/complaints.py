"""What is wrong with a value by its JSON Schema, in words that say what to do.

The words never repeat the value: it may be a secret.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import validator_for

from tools_app.functions.json_schema import CANNOT_CHECK, checker_of, errors_of
from tools_app.schema_forms.properties import Schema

UNUSABLE = (
    "The tool describes this field in a way that cannot be checked. "
    "Ask whoever made the tool."
)
TYPES = {
    "array": "a list, in brackets",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "an object, in braces",
    "string": "text",
}
FORMATS = {
    "date": "a date like 2026-03-02",
    "date-time": "a moment like 2026-03-02T14:30:00+01:00",
    "email": "an email address",
    "time": "a time like 14:30",
    "uri": "an address that begins with https://",
    "uuid": "a UUID",
}


def complaints(schema: Schema, value: Any) -> list[str]:
    """Each thing that is wrong with the value; empty when it is fine."""
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(dict(schema))
        errors = errors_of(checker_of(schema, kind), value)
        found = sorted(errors, key=lambda error: list(error.path))
    except CANNOT_CHECK:
        return [UNUSABLE]
    return [text for error in found for text in told(error)]


def told(error: ValidationError) -> Iterator[str]:
    """The error in words, below its place where that is inside the value."""
    if error.validator in {"anyOf", "oneOf"}:
        yield _at(error, "This fits none of the forms that the tool takes.")
        return
    yield _at(error, _words(error))


def _at(error: ValidationError, words: str) -> str:
    place = ".".join(str(step) for step in error.absolute_path)
    return f"At {place}: {words}" if place else words


def _words(error: ValidationError) -> str:
    limit: Any = error.validator_value
    match error.validator:
        case "type":
            kinds = [limit] if isinstance(limit, str) else limit
            return f"This must be {' or '.join(TYPES.get(k, str(k)) for k in kinds)}."
        case "minimum":
            return f"This is too low: use {limit:g} or more."
        case "exclusiveMinimum":
            return f"This is too low: use more than {limit:g}."
        case "maximum":
            return f"This is too high: use {limit:g} or less."
        case "exclusiveMaximum":
            return f"This is too high: use less than {limit:g}."
        case "multipleOf":
            return f"This must be a multiple of {limit:g}."
        case _:
            return _words_about_size(error)


def _words_about_size(error: ValidationError) -> str:
    limit: Any = error.validator_value
    match error.validator:
        case "minLength":
            return f"This is too short: use {limit} characters or more."
        case "maxLength":
            return f"This is too long: use {limit} characters or fewer."
        case "minItems":
            return f"Give {limit} or more."
        case "maxItems":
            return f"Give {limit} or fewer."
        case "uniqueItems":
            return "Give each only once."
        case _:
            return _words_about_content(error)


def _words_about_content(error: ValidationError) -> str:
    limit: Any = error.validator_value
    match error.validator:
        case "pattern":
            return f"This must match the pattern {limit}"
        case "format":
            return f"This must be {FORMATS.get(limit, f'a {limit}')}."
        case "enum" | "const":
            choices = limit if isinstance(limit, list) else [limit]
            return f"Choose one of {', '.join(map(str, choices))}."
        case "required":
            given: Any = error.instance
            missing = [name for name in limit if name not in given]
            return f"This misses {', '.join(missing)}."
        case "additionalProperties":
            schema: Any = error.schema
            known = ", ".join(schema.get("properties", {}))
            return f"This names what the tool does not know. It knows {known}."
        case _:
            return "The tool does not take this."
