"""What a function gave back, as the model takes it: never nothing, never endless."""

from pydantic_core import to_json, to_jsonable_python

from tools_app.storable import storable

MOST_CHARACTERS = 8_000
NOTHING = "Done. There is nothing to tell about it."


def answer(value: object) -> str:
    """Text as it is, anything else as JSON; cut where it is too long, and marked so."""
    text = storable(value) if isinstance(value, str) else _as_json(value)
    if not text.strip():
        return NOTHING
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
