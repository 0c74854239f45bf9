"""The secrets of an endpoint, and where each goes in a request."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    create_model,
    model_validator,
)

# A field name is a token (RFC 9110, 5.1 and 5.6.2).
HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# The connection's own, and those that frame a message: setting them breaks it.
FRAMING = {"host", "content-length", "transfer-encoding", "connection", "te", "upgrade"}


def header_name(name: str) -> str:
    """A name for a header; raises ValueError."""
    if not HEADER.fullmatch(name):
        raise ValueError(f"{name!r} is no header: use letters, digits and -")
    if name.lower() in FRAMING:
        raise ValueError(f"{name} is set by the connection itself: leave it out")
    return name


class SecretPlace(BaseModel):
    """A secret that a tool needs, and where it goes in each request.

    `key` is the name of the header or of the query parameter; for `basic` the user's
    name, and without it the secret is `user:password`. `prefix` stands before it in a
    header, as in `Token abc`. A `placeholder` is written as `{name}` where it goes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")
    label: str = Field(default="", max_length=80)
    place: Literal["bearer", "header", "query", "basic", "placeholder"] = "bearer"
    key: str = Field(default="", max_length=80)
    prefix: str = Field(default="", max_length=40)

    @model_validator(mode="after")
    def _key_fits(self) -> Self:
        if self.place in ("header", "query") and not self.key:
            raise ValueError(f"name the {self.place} that {self.name} goes into as key")
        if self.place == "header":
            header_name(self.key)
        return self

    @property
    def is_authorization(self) -> bool:
        """Whether it fills the one header that has room for one."""
        return self.place in ("bearer", "basic") or (
            self.place == "header" and self.key.lower() == "authorization"
        )


def check_places(places: Sequence[SecretPlace]) -> None:
    """Raise ValueError where two secrets have one name or one place."""
    names = [secret.name for secret in places]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two secrets are called {', '.join(sorted(twice))}")
    if sum(secret.is_authorization for secret in places) > 1:
        raise ValueError("only one secret can be the Authorization of a request")


def secrets_model(places: Sequence[SecretPlace]) -> type[BaseModel]:
    """The model that a tool's secrets must fit; its JSON Schema makes their form."""
    fields: dict[str, Any] = {
        secret.name: (
            Annotated[SecretStr, AfterValidator(_whole)],
            Field(min_length=1, title=secret.label or _titled(secret.name)),
        )
        for secret in places
    }
    config = ConfigDict(hide_input_in_errors=True, protected_namespaces=())
    return create_model("Secrets", __config__=config, **fields)


@dataclass(frozen=True, repr=False)
class PlacedSecrets:
    """Secrets in the clear, as parts of a request."""

    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)


def place_secrets(
    places: Sequence[SecretPlace], secrets: Mapping[str, Any]
) -> PlacedSecrets:
    """Put secrets where they go; raises pydantic's ValidationError naming those that
    are missing. Ones that have no place are left alone."""
    if not all(_is_whole(secrets.get(secret.name)) for secret in places):
        # Only to explain: a call waits, and making a model takes longer than the rest.
        secrets_model(places).model_validate(dict(secrets))
    placed = PlacedSecrets()
    for secret in places:
        value = secrets[secret.name].strip()
        match secret.place:
            case "placeholder":
                placed.placeholders[secret.name] = value
            case "query":
                placed.query[secret.key] = value
            case "header":
                placed.headers[secret.key] = f"{secret.prefix} {value}".strip()
            case _:
                placed.headers["Authorization"] = _authorization(secret, value)
    return placed


def _authorization(secret: SecretPlace, value: str) -> str:
    """By RFC 6750 (bearer) or RFC 7617 (basic)."""
    if secret.place == "bearer":
        return f"Bearer {value}"
    pair = f"{secret.key}:{value}" if secret.key else value
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _whole(secret: SecretStr) -> SecretStr:
    """Raise ValueError for what is no secret, but slipped in when it was pasted."""
    if not _is_whole(secret.get_secret_value()):
        raise ValueError("must be one line of text: paste it again")
    return secret


def _is_whole(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and text.strip().isprintable()


def _titled(name: str) -> str:
    return name.replace("_", " ").capitalize()
