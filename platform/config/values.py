"""The kinds of values that variables of the environment take."""

import re
from contextlib import suppress
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

BASE_DIR = Path(__file__).resolve().parents[2]
PORTS_PER_CALL = 2


def _without_trailing_slash(url: str) -> str:
    return url.rstrip("/")


def _place(text: str) -> tuple[str, int | None]:
    """`host:port`, or addresses in CIDR notation at any port."""
    with suppress(ValueError):
        return str(ip_network(text)), None
    with suppress(ValueError):
        url = urlsplit(f"//{text}")
        if url.hostname and url.port and text.rpartition(":")[2] == str(url.port):
            return url.hostname, url.port
    raise ValueError("Name a host with its port, or addresses like 10.0.0.0/8.")


def _places(value: object) -> object:
    if isinstance(value, str):
        return [_place(word.strip()) for word in value.split(",") if word.strip()]
    return value


def _port_range(text: str) -> str:
    """`first-last`, with room for at least one call."""
    ends = re.fullmatch(r"(\d{4,5})-(\d{4,5})", text)
    if ends:
        first, last = int(ends[1]), int(ends[2])
        if first >= 1024 and first + PORTS_PER_CALL <= last <= 65_535:
            return text
    raise ValueError("Name the first and the last port, like 10000-10200.")


def is_loopback(host: str) -> bool:
    """Whether `host[:port]` is this machine alone."""
    name = urlsplit(f"//{host}").hostname or ""
    with suppress(ValueError):
        return ip_address(name).is_loopback
    return name == "localhost"


Url = Annotated[
    str,
    Field(pattern=r"^(https?|wss?)://[^\s/]+"),
    AfterValidator(_without_trailing_slash),
]
Words = Annotated[list[str], NoDecode]
Places = Annotated[list[tuple[str, int | None]], NoDecode, BeforeValidator(_places)]
Port = Annotated[int, Field(ge=1, le=65_533)]
PortRange = Annotated[str, AfterValidator(_port_range)]
# `host` or `host:port`, as a SIP address names it.
Host = Annotated[str, Field(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d{1,5})?$")]
Folder = Annotated[Path, AfterValidator(lambda path: BASE_DIR / path)]
