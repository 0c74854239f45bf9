"""Free ports, below the range from which the system hands out its own."""

import random
import socket
import sys


def free_port(*, neighbours: int = 0) -> int:
    """A free TCP port, with as many free (TCP and UDP) right after it."""
    for _ in range(200):
        port = random.randrange(12_000, 32_000)  # noqa: S311  nothing secret
        if all(_is_free(port + n) for n in range(neighbours + 1)):
            return port
    raise OSError("No free port was found between 12000 and 32000.")


def port_range(size: int) -> str:
    """So many ports of which most are free, as `first-last`."""
    first = free_port()
    return f"{first}-{first + size}"


def _is_free(port: int) -> bool:
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    return all(_can_bind(port, kind) for kind in kinds)


def _can_bind(port: int, kind: int) -> bool:
    with socket.socket(type=kind) as attempt:
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.stdout.write(f"{free_port()}\n")
