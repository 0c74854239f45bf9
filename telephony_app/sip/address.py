"""SIP addresses: RFC 3261, section 19."""

import asyncio
import re
import socket
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote

PORTS = {"udp": 5060, "tcp": 5060, "tls": 5061}
_URI = re.compile(
    r"^(?P<scheme>sips?):(?:(?P<user>[^@]*)@)?(?P<host>\[[^\]]+\]|[^:;?]+)"
    r"(?::(?P<port>\d+))?(?P<params>(?:;[^?]*)?)(?:\?(?P<headers>.*))?$"
)


@dataclass(frozen=True)
class SipUri:
    """`sip:user@host:port;transport=tls?X-Header=value`, in its parts.

    `headers` are what the address asks to be sent along in the INVITE.
    """

    user: str
    host: str
    port: int | None = None
    params: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address; raises ValueError for one that is none."""
        found = _URI.match(text.strip())
        if not found:
            raise ValueError(f"This is no SIP address: {text!r}")
        pairs = (part.partition("=") for part in found["params"].split(";") if part)
        params = {name.lower(): value for name, _, value in pairs}
        if found["scheme"] == "sips":
            params["transport"] = "tls"
        return cls(
            user=unquote(found["user"] or ""),
            host=found["host"],
            port=int(found["port"]) if found["port"] else None,
            params=params,
            headers=dict(parse_qsl(found["headers"] or "", keep_blank_values=True)),
        )

    @property
    def transport(self) -> str:
        """`udp`, `tcp` or `tls`."""
        return self.params.get("transport", "udp").lower()

    def __str__(self) -> str:
        """The address as it is asked for: without the headers, which are sent."""
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        params = "".join(f";{k}={v}" if v else f";{k}" for k, v in self.params.items())
        return f"sip:{user}{self.host}{port}{params}"

    async def socket_address(self) -> tuple[str, int]:
        """IP address and port; raises OSError for a host that nobody knows."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self.host, None, family=socket.AF_INET)
        return str(found[0][4][0]), self.port or PORTS[self.transport]


def uri_in(value: str) -> str:
    """The address in a header value like `"Name" <sip:a@b>;tag=c`."""
    inside = re.search(r"<([^>]*)>", value)
    return inside[1] if inside else value.partition(";")[0].strip()


def local_address_to(host: str) -> str:
    """Our own address, as the host sees it."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.connect((host, 9))
        return str(probe.getsockname()[0])
