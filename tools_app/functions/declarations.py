"""The declaration of a function as the model gets it, and why it would refuse one."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from tools_app.functions.gemini_schema import GeminiSchema, Types, simplified
from tools_app.functions.specs import FunctionSpec

# Gemini's `FunctionDeclaration`: 64 is the stricter of the limits that it has named.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class Rejected(Exception):
    """The model would refuse this function, and with it the whole call.

    `parameter` is the one at fault, empty when it is the function itself.
    """

    def __init__(self, text: str, *, parameter: str = "") -> None:
        self.text = text
        self.parameter = parameter
        super().__init__(f"{parameter}: {text}" if parameter else text)


def declare(spec: FunctionSpec) -> dict[str, Any]:
    """What is sent to Gemini Live for this function, as JSON.

    Raises `Rejected` naming the parameter that Gemini would refuse.
    """
    try:
        return _declared(spec)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise Rejected("its parameters are no JSON Schema that can be read") from None


def _declared(spec: FunctionSpec) -> dict[str, Any]:
    """The declaration; raises what comes of reading nonsense."""
    if not NAME.fullmatch(spec.name):
        raise Rejected(
            f"the name {spec.name[:80]!r} must be letters, digits, _ . or -, begin "
            "with a letter, and have at most 64 characters"
        )
    declaration = {"name": spec.name, "description": spec.description}
    parameters = _parameters(spec)
    return {**declaration, "parameters": parameters} if parameters else declaration


def _parameters(spec: FunctionSpec) -> dict[str, Any] | None:
    """The parameters in Gemini's schema; None for a function without any."""
    schema = dict(spec.parameters)
    if schema and schema.get("type") != "object":
        raise Rejected("the parameters must be a JSON Schema of type object")
    if not schema.get("properties"):
        return None
    defs = schema.get("$defs", {})
    types = Types(defs)
    for name, part in schema["properties"].items():
        _check_parameter(name, part, types)
    if unknown := set(schema.get("required", ())) - set(schema["properties"]):
        raise Rejected(f"{', '.join(sorted(unknown))}: required, but not a property")
    return _sent(_read(schema, Types(defs)))


def _check_parameter(name: str, schema: Any, types: Types) -> None:
    """Raise `Rejected` for what Gemini answers with 400 INVALID_ARGUMENT."""
    if not PARAMETER.fullmatch(name):
        raise Rejected("a name must be letters, digits or _", parameter=name)
    for fault in _faults(_read(schema, types, parameter=name), ""):
        raise Rejected(fault, parameter=name)


def _read(schema: Any, types: Types, *, parameter: str = "") -> GeminiSchema:
    """A schema as Gemini reads it; raises `Rejected` where it cannot."""
    try:
        return GeminiSchema.model_validate(simplified(schema, types))
    except ValidationError as error:
        raise Rejected(_first_fault(error), parameter=parameter) from None
    except ValueError as error:
        raise Rejected(str(error), parameter=parameter) from None


def _first_fault(error: ValidationError) -> str:
    """Where Gemini's schema and ours part, in words."""
    first = error.errors(include_url=False, include_input=False)[0]
    if "prefixItems" in first["loc"]:
        return "a list of fixed places (tuple) cannot be told to the model: use list"
    if "enum" in first["loc"]:
        return "the allowed values must all be text"
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _faults(schema: GeminiSchema, path: str) -> Iterator[str]:
    """What is wrong in a schema that Gemini can read, each with its place."""
    place = f"{path.removeprefix('.')} " if path else ""
    if schema.type is None and not schema.any_of:
        yield f"{place}has no type that the model can be told: name one"
    if schema.type == "ARRAY" and schema.items is None:
        yield f"{place}is a list: say of what"
    if schema.type == "OBJECT" and not schema.properties:
        yield f"{place}is an object without named fields: name them"
    if schema.enum and "" in schema.enum:
        yield f"{place}allows an empty text, which the model refuses"
    if unknown := set(schema.required or ()) - set(schema.properties or ()):
        yield f"{place}requires {', '.join(sorted(unknown))}, which it does not have"
    for name, part in _inside(schema):
        yield from _faults(part, f"{path}{name}")


def _inside(schema: GeminiSchema) -> Iterator[tuple[str, GeminiSchema]]:
    """The schemas directly inside one, with how to reach them."""
    for name, part in (schema.properties or {}).items():
        yield f".{name}", part
    if schema.items:
        yield "[]", schema.items
    for part in schema.any_of or ():
        yield "", part


def _sent(schema: GeminiSchema) -> dict[str, Any]:
    """As it goes over the wire."""
    return schema.model_dump(mode="json", by_alias=True, exclude_none=True)
