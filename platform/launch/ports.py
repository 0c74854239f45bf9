"""Whether the ports are free, told before anything starts."""

import socket
from collections.abc import Iterable

from launch.process import Process

TCP, UDP = socket.SOCK_STREAM, socket.SOCK_DGRAM


def busy(processes: Iterable[Process]) -> list[str]:
    """For each port that somebody else holds, what to do about it."""
    return [
        f"Port {port} is in use, and '{process.name}' needs it. End the program that "
        f"holds it, or set {process.port_variable} in .env to another port."
        for process in processes
        for port in sorted(_taken(process))
    ]


def _taken(process: Process) -> set[int]:
    streams = {port for port in process.ports if not _is_free(port, TCP)}
    return streams | {port for port in process.udp_ports if not _is_free(port, UDP)}


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(type=kind) as attempt:
        if kind == TCP:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
