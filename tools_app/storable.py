"""Text that any database, socket and model takes."""

from typing import Any


def storable(value: Any) -> Any:
    """A JSON value without zero bytes, which PostgreSQL refuses, and with `?` for each
    half of a character (a lone surrogate), which UTF-8 cannot write."""
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="replace").decode()
    if isinstance(value, dict):
        return {storable(key): storable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [storable(part) for part in value]
    return value
