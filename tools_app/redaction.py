"""Taking secrets out of what is written down: arguments, results, requests.

What is known to be secret goes by its value, what looks like it by its name or shape.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic_core import to_jsonable_python

from tools_app.functions.specs import FunctionSpec

MASK = "••••"
SHORTEST = 4

SECRET_WORDS = {
    *("password", "passwd", "passphrase", "passcode", "pwd", "secret", "token"),
    *("authorization", "apikey", "cookie", "cvv", "cvc", "pin", "ssn", "iban", "otp"),
}
SECRET_PAIRS = {
    *(("api", "key"), ("private", "key"), ("access", "key"), ("card", "number")),
    *(("credit", "card"), ("debit", "card"), ("security", "code"), ("account", "key")),
}
# Each in time that grows with the text only, which may be anybody's.
CARD = re.compile(r"(?<![\d+])[2-6](?:[ -]?\d){12,18}(?!\d)")
TOKENS = re.compile(
    r"(?P<scheme>\b(?:Bearer|Basic)\s+)[A-Za-z0-9+/=._~-]{8,}"
    r"|(?:(?<![\w-])eyJ[\w-]{8,}+|(?<=-)eyJ[\w-]{8,500}+)\.[\w-]{8,}+\.[\w-]*"
    r"|\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}"
    r"|\bgh[pousr]_\w{20,}|\bxox[abeprs]-[\w-]{10,}|\bAKIA[A-Z0-9]{16}\b"
    r"|\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----(?:BEGIN|END) ).)*+"
    r"(?:-----END [A-Z ]*PRIVATE KEY-----)?",
    re.DOTALL,
)


def redacted(arguments: Mapping[str, Any], spec: FunctionSpec) -> dict[str, Any]:
    """The arguments of a call as they may be written down: as JSON, without secrets."""
    plain = to_jsonable_python(dict(arguments), fallback=str)
    return {
        name: MASK if name in spec.secret_parameters else _masked(name, value)
        for name, value in plain.items()
    }


def secret_arguments(arguments: Mapping[str, Any], spec: FunctionSpec) -> list[Any]:
    """The values that are secret by their parameter's mark or name."""
    marked = spec.secret_parameters
    return [v for k, v in arguments.items() if k in marked or is_secret_name(k)]


def without_secrets(text: str, secrets: object) -> str:
    """A text without these (a text, or a JSON value of any depth) in any spelling."""
    for known in sorted(_spellings(secrets), key=len, reverse=True):
        text = text.replace(known, MASK)
    return text


def redact_text(text: str, secrets: object = ()) -> str:
    """The same as it may be written down: also without what looks like a card's number
    or a token."""
    text = without_secrets(text, secrets)
    text = TOKENS.sub(lambda found: (found["scheme"] or "") + MASK, text)
    return CARD.sub(lambda found: MASK if _is_card(found[0]) else found[0], text)


def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds what must not be written down."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    lower = [word.lower() for word in words]
    singular = {word.removesuffix("s") for word in lower} | set(lower)
    pairs = set(zip(lower, lower[1:], strict=False))
    return bool(SECRET_WORDS & singular or SECRET_PAIRS & pairs)


def _masked(name: str, value: Any) -> Any:
    """A value of this name, without what is secret in it."""
    if value is not None and not isinstance(value, bool) and is_secret_name(name):
        return MASK
    if isinstance(value, dict):
        return {inner: _masked(inner, part) for inner, part in value.items()}
    if isinstance(value, list):
        return [_masked("", part) for part in value]
    if isinstance(value, int) and _is_card(str(value)):
        return MASK
    return redact_text(value) if isinstance(value, str) else value


def _is_card(text: str) -> bool:
    """By length and Luhn's check digit (ISO/IEC 7812)."""
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [d if i % 2 == 0 else d * 2 for i, d in enumerate(reversed(digits))]
    total = sum(d - 9 if d > 9 else d for d in doubled)
    return 13 <= len(digits) <= 19 and total % 10 == 0


def _spellings(secrets: object) -> Iterator[str]:
    """Each secret as it may stand in a text, a URL, a JSON document, a header."""
    for value in _values(secrets):
        if len(value) < SHORTEST:
            continue
        yield value
        yield quote(value, safe="")
        yield quote_plus(value)
        yield json.dumps(value)[1:-1]
        yield json.dumps(value, ensure_ascii=False)[1:-1]
        yield base64.b64encode(value.encode()).decode()


def _values(secrets: object) -> Iterator[str]:
    """The texts and numbers in a JSON value."""
    if isinstance(secrets, Mapping):
        secrets = list(secrets.values())
    if isinstance(secrets, str):
        yield secrets
    elif isinstance(secrets, int | float) and not isinstance(secrets, bool):
        yield str(secrets)
    elif isinstance(secrets, list | tuple | set | frozenset):
        for value in secrets:
            yield from _values(value)
