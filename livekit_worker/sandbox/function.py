"""A function the agent may call, as its model is told about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Function:
    """Name, description and parameters (JSON Schema, or Gemini's form of it)."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name as people say it: `book_appointment` is "book appointment"."""
        return spoken(self.name)

    def parameter_list(self) -> "list[Parameter]":
        """Every parameter, the required ones first."""
        required = set(self.parameters.get("required") or ())
        properties = self.parameters.get("properties") or {}
        found = [Parameter.read(n, s, n in required) for n, s in properties.items()]
        return sorted(found, key=lambda parameter: not parameter.required)


@dataclass(frozen=True)
class Parameter:
    """One argument: what it is called, what kind of value it takes."""

    name: str
    kind: str
    description: str = ""
    format: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False

    @classmethod
    def read(cls, name: str, schema: Mapping[str, Any], required: bool) -> "Parameter":
        """Read either dialect: `"STRING"` with nullable, or `anyOf` with null."""
        schema = _without_null(schema)
        return cls(
            name=name,
            kind=str(schema.get("type") or "string").lower(),
            description=str(schema.get("description") or ""),
            format=str(schema.get("format") or "").lower(),
            choices=tuple(str(choice) for choice in schema.get("enum") or ()),
            required=required,
        )

    @property
    def label(self) -> str:
        """The name as people say it."""
        return spoken(self.name)


def spoken(name: str) -> str:
    """An identifier as words: underscores, dashes, dots and camel case apart."""
    spaced = "".join(
        f" {letter}" if letter.isupper() and before.islower() else letter
        for before, letter in zip(" " + name, name, strict=False)
    )
    for mark in "_-.:":
        spaced = spaced.replace(mark, " ")
    return " ".join(spaced.lower().split())


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    options = [o for o in schema.get("anyOf") or () if o.get("type") != "null"]
    if options:
        return {**schema, **options[0]}
    if isinstance(schema.get("type"), list):
        kinds = [kind for kind in schema["type"] if kind != "null"]
        return {**schema, "type": kinds[0] if kinds else "string"}
    return schema
