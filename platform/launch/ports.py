"""Whether the ports are free, told before anything starts."""

import socket
from collections.abc import Iterable

from launch.processes import Process


def busy(processes: Iterable[Process]) -> list[str]:
    """For each port that somebody else holds, what to do about it."""
    return [
        f"Port {port} is in use, and '{process.name}' needs it. End the program that "
        f"holds it, or set {process.port_variable} in .env to another port."
        for process in processes
        for port in process.ports
        if not _is_free(port)
    ]


def _is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
