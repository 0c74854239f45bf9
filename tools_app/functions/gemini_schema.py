"""The part of JSON Schema that Gemini Live takes, and how ours is made to fit it.

Gemini Live reads OpenAPI's `Schema`, not JSON Schema. LiveKit's plugin for Google
translates on the way; these are its rules, without its libraries, so that the web
process can show a declaration. A differential test keeps the two equal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

TypeName = Literal["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"]
JSON_TYPES = {"string", "number", "integer", "boolean", "array", "object", "null"}
DROPPED = {"title", "default", "additionalProperties", "$schema", "discriminator"}
# References that double at each step stand for more than any memory holds.
MOST_TYPES = 2000


def _upper(value: object) -> object:
    """Gemini's spelling of a type."""
    return value.upper() if isinstance(value, str) else value


class GeminiSchema(BaseModel):
    """Gemini's `Schema` message: https://ai.google.dev/api/caching#Schema."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid"
    )

    additional_properties: Any = None
    defs: dict[str, "GeminiSchema"] | None = None
    ref: str | None = None
    any_of: list["GeminiSchema"] | None = None
    default: Any = None
    description: str | None = None
    enum: list[str] | None = None
    example: Any = None
    format: str | None = None
    items: "GeminiSchema | None" = None
    max_items: int | None = None
    max_length: int | None = None
    max_properties: int | None = None
    maximum: float | None = None
    min_items: int | None = None
    min_length: int | None = None
    min_properties: int | None = None
    minimum: float | None = None
    nullable: bool | None = None
    pattern: str | None = None
    properties: dict[str, "GeminiSchema"] | None = None
    property_ordering: list[str] | None = None
    required: list[str] | None = None
    title: str | None = None
    type: Annotated[TypeName, BeforeValidator(_upper)] | None = None


FIELDS = set(GeminiSchema.model_fields)
KNOWN = {
    *FIELDS,
    *map(to_camel, FIELDS),
    *("$ref", "prefixItems", "const"),
} - DROPPED


@dataclass
class Types:
    """The `$defs` of a schema, and how many types may still be written out of it."""

    defs: Mapping[str, Any]
    left: int = MOST_TYPES

    def take(self) -> None:
        """One more; raises ValueError when it was one too many."""
        self.left -= 1
        if self.left < 0:
            raise ValueError(f"written out, its parts are more than {MOST_TYPES} types")


def simplified(schema: object, types: Types, within: tuple[str, ...] = ()) -> Any:
    """The schema in Gemini's words, references written out.

    Raises ValueError for a type that contains itself, one that is not a type, and more
    types than `types` has left.
    """
    types.take()
    if not isinstance(schema, Mapping):
        raise ValueError(f"{schema!r} is not a schema")
    known = {key: value for key, value in schema.items() if key in KNOWN}
    if ref := known.pop("$ref", None):
        return {**known, **_referred(ref, types, within)}
    if (const := known.pop("const", None)) is not None:
        known["enum"] = [const]
    _type_of(known)
    _union(known, types, within)
    _parts(known, types, within)
    return known


def _referred(ref: str, types: Types, within: tuple[str, ...]) -> dict[str, Any]:
    """What a reference stands for."""
    name = re.sub(r"^#/\$defs/", "", ref)
    if name in within:
        raise ValueError("the type contains itself, which the model cannot be told")
    if name not in types.defs:
        raise ValueError(f"{ref} stands for nothing")
    found: dict[str, Any] = simplified(types.defs[name], types, (*within, name))
    return found


def _type_of(schema: dict[str, Any]) -> None:
    """Check the type, or take it from the values that are allowed."""
    if schema.get("enum") and "type" not in schema:
        schema["type"] = _type_of_value(schema["enum"][0])
    kind = schema.get("type")
    if kind is not None and (not isinstance(kind, str) or kind not in JSON_TYPES):
        raise ValueError(f"{kind!r} is not one type")


def _type_of_value(value: object) -> str:
    names = {int: "integer", float: "number", str: "string", bool: "integer"}
    if type(value) not in names:
        raise ValueError(f"{value!r} cannot be an allowed value")
    return names[type(value)]


def _union(schema: dict[str, Any], types: Types, within: tuple[str, ...]) -> None:
    """`anyOf`: one type that may be null is that type, nullable."""
    if not (members := schema.pop("anyOf", None)):
        return
    every = [simplified(member, types, within) for member in members]
    real = [member for member in every if member != {"type": "null"}]
    if len(every) == 2 and len(real) == 1 and real[0]:
        schema.update(real[0], nullable=True)
    else:
        schema["any_of"] = real


def _parts(schema: dict[str, Any], types: Types, within: tuple[str, ...]) -> None:
    """The properties of an object, the items of a list."""
    if schema.get("type") == "object" and (found := schema.get("properties")):
        schema["properties"] = {
            name: simplified(part, types, within) for name, part in found.items()
        }
        if "propertyOrdering" not in schema:
            schema.setdefault("property_ordering", list(found))
    if schema.get("type") == "array" and (items := schema.get("items")):
        schema["items"] = simplified(items, types, within)
