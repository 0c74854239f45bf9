"""The first `.env`: the example file, with secrets of its own."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from config.env import BASE_DIR

FRESH: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "LIVEKIT_API_KEY": lambda: f"key{secrets.token_hex(6)}",
    "LIVEKIT_API_SECRET": lambda: secrets.token_urlsafe(36),
}


def path() -> Path:
    """The file that the settings read."""
    return Path(os.environ.get("ENV_FILE", BASE_DIR / ".env"))


def write_once() -> bool:
    """Write the file, for its owner's eyes only; False when there is one already."""
    if path().exists():
        return False
    example = (BASE_DIR / ".env.example").read_text()
    for name, make in FRESH.items():
        example = example.replace(f"\n{name}=\n", f"\n{name}={make()}\n")
    with open(os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(example)
    return True
