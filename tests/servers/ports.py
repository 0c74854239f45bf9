"""Free ports, below the range from which the system hands out its own."""

import random
import socket
import sys

_given: set[int] = set()


def free_port(*, neighbours: int = 0) -> int:
    """A free TCP port, with as many free (TCP and UDP) right after it; none of them is
    given again, for who asked may not have bound it yet."""
    for _ in range(200):
        port = random.randrange(12_000, 32_000)  # noqa: S311  nothing secret
        wanted = range(port, port + neighbours + 1)
        if _given.isdisjoint(wanted) and all(map(_is_free, wanted)):
            _given.update(wanted)
            return port
    raise OSError("No free port was found between 12000 and 32000.")


def port_range(size: int) -> str:
    """So many free ports, as `first-last`."""
    first = free_port(neighbours=size)
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
