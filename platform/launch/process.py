"""One process of this machine, and how to see that it can do its work."""

import socket
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 2


@dataclass(frozen=True)
class Process:
    """One process. `port_variable` names what to set when one of its ports (TCP, but
    `udp_ports`) is taken; without a health address it counts as healthy while it
    lives."""

    name: str
    command: list[str]
    ports: tuple[int, ...] = ()
    port_variable: str = ""
    health: str = ""
    udp_ports: tuple[int, ...] = ()

    def is_healthy(self) -> bool:
        """Whether it answers that it can do its work."""
        return not self.health or _answers(self.health)


def _answers(url: str) -> bool:
    if url.startswith("tcp://"):
        return _accepts(url)
    # Only a sign of life is asked for, and the sandbox's certificate is its own.
    trusting = ssl._create_unverified_context()  # noqa: S323
    try:
        urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS, context=trusting)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False
    return True


def _accepts(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=1).close()
    except OSError:
        return False
    return True
