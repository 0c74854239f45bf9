"""What another side says of a failure, as the model may read it."""

from tools_app.own_addresses import is_address
from tools_app.redaction import redact_text
from tools_app.storable import storable

MOST_READ, MOST_CHARACTERS = 10_000, 400


def quoted(text: str) -> str:
    """Some of a stranger's text, on one line; without addresses and what looks like a
    token, for it may be made of an exception's text."""
    line = "".join(c if c.isprintable() else " " for c in storable(text[:MOST_READ]))
    words = ("…" if is_address(word) else word for word in line.split())
    plain = redact_text(" ".join(words))
    if len(plain) > MOST_CHARACTERS:
        plain = f"{plain[:MOST_CHARACTERS]}…"
    return f'"{plain}"' if plain else ""
