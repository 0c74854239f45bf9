"""Values checked by a JSON Schema that may come from a stranger.

References to other documents are not fetched, and patterns run in time that grows with
the text only: `re` goes back and forth, and `^(a+)+$` would hold up a call for minutes.
"""

import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError as NoSchema
from jsonschema.exceptions import UnknownType, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from pydantic_core import SchemaError, SchemaValidator
from pydantic_core.core_schema import str_schema
from referencing import Registry
from referencing.exceptions import Unresolvable

Found = Iterator[ValidationError]
# References that double at each step would be followed for ever.
MOST_REFERENCES = 5000
_left: ContextVar[Iterator[int]] = ContextVar("left")


class TooManyReferences(Exception):
    """The schema refers on and on."""


CANNOT_CHECK = (
    NoSchema,
    UnknownType,
    Unresolvable,
    re.error,
    RecursionError,
    TooManyReferences,
)
"""What `errors_of` raises for a schema that is none, or leads nowhere."""


def checker_of(
    schema: Mapping[str, Any], kind: type[Validator] = Draft202012Validator
) -> Validator:
    """What checks values by this schema, in the dialect `kind`."""
    checker: Validator = _safe(kind)(
        _in_one_dialect(schema),
        registry=Registry(),
        format_checker=kind.FORMAT_CHECKER,
    )
    return checker


def errors_of(checker: Validator, value: Any) -> list[ValidationError]:
    """What is wrong with the value. Raises one of `CANNOT_CHECK`."""
    _left.set(iter(range(MOST_REFERENCES)))
    return list(checker.iter_errors(value))


@lru_cache
def _safe(kind: type[Validator]) -> Any:
    """The dialect with patterns of ours. `unevaluatedProperties` has patterns too, is
    rare, and is left to the tool."""

    def additional(validator: Any, rule: Any, value: Any, schema: Any) -> Found:
        inherited: Any = kind.VALIDATORS["additionalProperties"]
        yield from inherited(validator, rule, value, _named(schema, value))

    own: dict[str, Any] = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": additional,
        "unevaluatedProperties": lambda *_: (),
    }
    followed = {"$ref", "$dynamicRef"} & set(kind.VALIDATORS)
    own |= {word: partial(_referred, kind.VALIDATORS[word]) for word in followed}
    return extend(kind, own)  # type: ignore[no-untyped-call]


def _in_one_dialect(schema: Any) -> Any:
    """Without `$schema`, by which a part could ask for another dialect's patterns."""
    if isinstance(schema, list):
        return [_in_one_dialect(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: _in_one_dialect(part)
        for key, part in schema.items()
        if key != "$schema" or not isinstance(part, str)
    }


def _referred(
    inherited: Any, checker: Any, reference: str, value: Any, schema: Any
) -> Found:
    if next(_left.get(), None) is None:
        raise TooManyReferences
    yield from inherited(checker, reference, value, schema)


def _pattern(_checker: Any, pattern: str, value: Any, _schema: Any) -> Found:
    if isinstance(value, str) and not matches(pattern, value):
        yield ValidationError("does not match the pattern")


def _pattern_properties(checker: Any, rules: Any, value: Any, _schema: Any) -> Found:
    if not checker.is_type(value, "object"):
        return
    for pattern, rule in rules.items():
        for name in value:
            if matches(pattern, name):
                yield from checker.descend(value[name], rule, name, pattern)


def _named(schema: Any, value: Any) -> dict[str, Any]:
    """The schema with the value's properties that a pattern names, by name."""
    plain = dict(schema)
    patterns = plain.pop("patternProperties", {})
    if patterns and isinstance(value, dict):
        named = {n: True for n in value if any(matches(p, n) for p in patterns)}
        plain["properties"] = plain.get("properties", {}) | named
    return plain


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is somewhere in the text; yes where it cannot be told in
    linear time (look-around, back references): the tool itself will know. Raises
    `re.error` for what is no pattern."""
    checker = _compiled(pattern)
    return checker is None or checker.isinstance_python(text)


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> SchemaValidator | None:
    """The pattern for Rust's engine, which never goes back; None where it cannot.
    Raises `re.error` for what is no pattern at all."""
    try:
        return SchemaValidator(str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError:
        re.compile(pattern)
        return None
