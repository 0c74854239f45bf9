"""The properties of a JSON Schema, made plain: references followed, null set apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

# A schema of an MCP server may refer to itself; a form field needs no more than this.
MOST_REFERENCES = 8
SPELLINGS = {
    "api": "API",
    "http": "HTTP",
    "https": "HTTPS",
    "id": "ID",
    "ids": "IDs",
    "json": "JSON",
    "sid": "SID",
    "sms": "SMS",
    "url": "URL",
    "urls": "URLs",
}


@dataclass(frozen=True)
class Property:
    """One property of an object: its own schema, and whether it must be given."""

    name: str
    schema: Schema
    is_required: bool

    @property
    def label(self) -> str:
        """The author's title, or the name as people write it: `api_key`, *API key*."""
        title = self.schema.get("title")
        if isinstance(title, str) and title != self.name.replace("_", " ").title():
            return title
        words = [SPELLINGS.get(word, word) for word in self.name.split("_") if word]
        return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])

    @property
    def type(self) -> str:
        """The one JSON type that it takes; empty where there are several or any."""
        found = self.schema.get("type")
        return found if isinstance(found, str) else ""

    @property
    def choices(self) -> list[Any]:
        """The values of which it takes one; empty where it is free."""
        if "const" in self.schema:
            return [self.schema["const"]]
        found = self.schema.get("enum")
        return [value for value in found if value is not None] if found else []

    @property
    def items(self) -> "Property":
        """What each entry of its list is."""
        items = self.schema.get("items")
        return Property(self.name, items if isinstance(items, Mapping) else {}, True)


def properties_of(schema: Schema) -> Iterator[Property]:
    """The properties of a schema of type object, in its order."""
    required = schema.get("required", [])
    for name, own in schema.get("properties", {}).items():
        yield Property(name, _plain(own, schema), name in required)


def _plain(own: Any, root: Schema) -> Schema:
    """The schema with references followed, also those of a list's entries."""
    plain = _followed(own, root)
    if isinstance(plain.get("items"), Mapping):
        plain = {**plain, "items": _followed(plain["items"], root)}
    definitions = {k: root[k] for k in ("$defs", "definitions") if k in root}
    return {**plain, **definitions}


def _followed(own: Any, root: Schema) -> dict[str, Any]:
    schema = dict(own) if isinstance(own, Mapping) else {}
    for _ in range(MOST_REFERENCES):
        inner = _inner(schema)
        if inner is None:
            return schema
        outer = {k: v for k, v in schema.items() if k not in ("$ref", "anyOf", "allOf")}
        schema = {**_target(inner, root), **outer}
    return {}


def _inner(schema: Schema) -> Schema | None:
    """What a schema only wraps: a reference, one of a kind or null."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    kinds = schema.get("anyOf") or schema.get("allOf") or []
    others = [kind for kind in kinds if kind != {"type": "null"}]
    return others[0] if len(others) == 1 else None


def _target(inner: Schema, root: Schema) -> dict[str, Any]:
    """Where a reference leads, without the title of its class; nowhere: anything."""
    if "$ref" not in inner:
        return dict(inner)
    found: Any = root
    for step in str(inner["$ref"]).removeprefix("#/").split("/"):
        found = found.get(step) if isinstance(found, Mapping) else None
    return {k: v for k, v in (found or {}).items() if k != "title"}
