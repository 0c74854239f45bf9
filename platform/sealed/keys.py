"""The keys that secrets are sealed with: the first seals, every one opens."""

import functools
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.views.decorators.debug import sensitive_variables

SETTING = "FIELD_ENCRYPTION_KEYS"
MEND = "Make a key with `manage.py new_field_key` and put it first in the list."


class SealBroken(Exception):
    """A secret cannot be opened: its key is not among `FIELD_ENCRYPTION_KEYS`, or its
    row was tampered with."""

    def __init__(self) -> None:
        super().__init__(
            "This secret cannot be opened: the key that sealed it is not in "
            f"{SETTING}. Put that key back behind the new one, or set the secret anew."
        )


@functools.cache
def _fernets() -> tuple[Fernet, ...]:
    keys = getattr(settings, SETTING, None)
    if not keys:
        raise ImproperlyConfigured(f"{SETTING} is empty. {MEND}")
    try:
        return tuple(Fernet(key) for key in keys)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{SETTING} holds something that is no key (32 bytes, URL-safe base64). "
            f"{MEND}"
        ) from error


def keyring() -> MultiFernet:
    """The keys, newest first; raises `ImproperlyConfigured` when there is none."""
    return MultiFernet(_fernets())


@sensitive_variables()
def seal(plain: bytes) -> str:
    """The text that only these keys open."""
    return keyring().encrypt(plain).decode()


def unseal(token: str) -> bytes:
    """What was sealed; raises `SealBroken`, also when no key is usable at all: whoever
    shows a page or answers a caller has one thing to expect."""
    try:
        return keyring().decrypt(token.encode())
    except (InvalidToken, ImproperlyConfigured):
        raise SealBroken from None


def is_newest(token: str) -> bool:
    """Whether the newest key opens it, so that nothing is left to rotate."""
    try:
        _fernets()[0].decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def _forget(*, setting: str, **_: Any) -> None:
    if setting == SETTING:
        _fernets.cache_clear()


setting_changed.connect(_forget)
