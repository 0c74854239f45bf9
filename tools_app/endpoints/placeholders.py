"""Templates of a request: `{name}` stands for a value, `{{` and `}}` for a brace.

There is nothing else in them: no code, no conditions.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Values = Mapping[str, Any]
Encode = Callable[[str], str]
PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class LeftOut(Exception):
    """A text whose value was not given: what it is in is left out of the request."""


def names_in(template: Any) -> Iterator[str]:
    """Every name that a template asks for, in a text or anywhere in a JSON value.

    Raises ValueError for a brace that is neither a placeholder nor doubled.
    """
    if isinstance(template, str):
        for found in PART.finditer(template):
            if found[0] not in ("{{", "}}"):
                yield _name(found)
    elif isinstance(template, Mapping):
        yield from names_in(list(template.values()))
    elif isinstance(template, list):
        for part in template:
            yield from names_in(part)


def fill_text(template: str, values: Values, encode: Encode = str) -> str:
    """The text with its values in it; raises `LeftOut`."""

    def value(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return encode(as_text(_value(found[1], values)))

    return PART.sub(value, template)


def fill(template: Any, values: Values) -> Any:
    """A JSON value with its values in it; a text that is one placeholder becomes what
    it stands for, of whatever type. Raises `LeftOut`."""
    if isinstance(template, str):
        alone = PART.fullmatch(template)
        if alone and alone[1]:
            return _value(alone[1], values)
        return fill_text(template, values)
    if isinstance(template, Mapping):
        return dict(_given(template.items(), values))
    if isinstance(template, list):
        return [part for _, part in _given(enumerate(template), values)]
    return template


def as_text(value: Any) -> str:
    """A value as it stands in a URL or a header."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list() if all(not isinstance(part, list | dict) for part in value):
            return ",".join(map(as_text, value))
        case _:
            return json.dumps(value, ensure_ascii=False)


def _given(pairs: Iterable[tuple[Any, Any]], values: Values) -> Iterator[Any]:
    """Without the parts whose values were not given."""
    for key, part in pairs:
        try:
            yield key, fill(part, values)
        except LeftOut:
            continue


def _name(found: re.Match[str]) -> str:
    if not found[1] or not NAME.fullmatch(found[1]):
        raise ValueError(
            f"{found[0]} is no placeholder: write {{name}}, or {{{{ and }}}} for braces"
        )
    return found[1]


def _value(name: str, values: Values) -> Any:
    if name not in values:
        raise LeftOut(name)
    return values[name]
