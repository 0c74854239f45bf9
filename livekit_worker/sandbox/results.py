"""What a function gave back, as a sentence to say."""

import ast
import json
from collections.abc import Mapping, Sequence
from typing import Any

_MOST_ITEMS = 5


def say_result(response: Mapping[str, Any]) -> str:
    """The sentence for one function response (`output` or `error`)."""
    if "error" in response:
        return f"That did not work: {_sentence(response['error'])}"
    output = response.get("output", response.get("result", response))
    return _sentence(output) if output not in ("", None, {}, []) else "That is done."


def _sentence(value: Any) -> str:
    text = describe(_parsed(value)).strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _parsed(value: Any) -> Any:
    """Structures come as JSON, or as Python writes them."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[", "(")):
        return value
    for read in (json.loads, ast.literal_eval):
        try:
            return read(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return value


def describe(value: Any) -> str:
    """Any JSON value in words, long lists cut short."""
    if isinstance(value, Mapping):
        pairs = list(value.items())[:_MOST_ITEMS]
        return ", ".join(f"{str(k).replace('_', ' ')}: {describe(v)}" for k, v in pairs)
    if isinstance(value, Sequence) and not isinstance(value, str):
        shown = "; ".join(describe(item) for item in value[:_MOST_ITEMS])
        more = len(value) - _MOST_ITEMS
        return f"{shown}; and {more} more" if more > 0 else shown or "nothing"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "nothing"}[value]
    return str(value)
