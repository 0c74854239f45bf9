"""A busy port is told by name."""

import socket

from launch.ports import busy
from launch.processes import Process


def test_busy_port_is_named_with_what_to_set() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        web = Process("web", [], (port,), "WEB_PORT")
        [words] = busy([web])
    assert f"Port {port} is in use, and 'web' needs it" in words
    assert "set WEB_PORT" in words


def test_free_port_is_no_news() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
    assert busy([Process("web", [], (port,), "WEB_PORT")]) == []
