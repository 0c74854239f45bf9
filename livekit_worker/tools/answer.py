"""What a function gave back, as the model takes it: never nothing, never endless."""

from collections.abc import Callable

from pydantic_core import to_json, to_jsonable_python

from tools_app.storable import storable

MOST_CHARACTERS = 8_000
NOTHING = "Done. There is nothing to tell about it."


def answer(value: object, redact: Callable[[str], str] = str) -> str:
    """Text as it is, anything else as JSON; redacted whole, then cut."""
    text = storable(value) if isinstance(value, str) else _as_json(value)
    return cut(redact(text)) if text.strip() else NOTHING


def cut(text: str) -> str:
    """A text that is too long, cut and marked so."""
    if len(text) <= MOST_CHARACTERS:
        return text
    more = len(text) - MOST_CHARACTERS
    return f"{text[:MOST_CHARACTERS]} [cut here: {more:,} more characters]"


def _as_json(value: object) -> str:
    """JSON; what JSON does not know is written as Python prints it."""
    if value is None:
        return ""
    plain = to_jsonable_python(value, fallback=str, bytes_mode="base64")
    return to_json(storable(plain)).decode()
