"""The first `.env`: the example file, with secrets of its own."""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

from config.env import BASE_DIR

FRESH: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "FIELD_ENCRYPTION_KEYS": lambda: Fernet.generate_key().decode(),
    "LIVEKIT_API_KEY": lambda: f"key{secrets.token_hex(6)}",
    "LIVEKIT_API_SECRET": lambda: secrets.token_urlsafe(36),
}


def path() -> Path:
    """The file that the settings read."""
    return Path(os.environ.get("ENV_FILE", BASE_DIR / ".env"))


def write_once() -> bool:
    """Write the file, for its owner's eyes only; False when there is one already.

    A secret that is blank, or that a later version of the platform asks for, is added.
    """
    if path().exists():
        _add_missing()
        return False
    example = (BASE_DIR / ".env.example").read_text()
    for name, make in FRESH.items():
        example = example.replace(f"\n{name}=\n", f"\n{name}={make()}\n")
    with open(os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(example)
    return True


def _add_missing() -> None:
    has = path().read_text()
    given = {n for n in FRESH if re.search(rf"^{n}=.", has, re.MULTILINE)}
    missing = [n for n in FRESH if n not in given and n not in os.environ]
    with path().open("a") as file:
        file.writelines(f"\n{name}={FRESH[name]()}\n" for name in missing)
