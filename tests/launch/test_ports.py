"""A busy port is told by name."""

import socket

from launch.ports import busy
from launch.process import Process


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


def test_busy_udp_port_is_named_too() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        sip = Process("sip", [], port_variable="SIP_PORT", udp_ports=(port,))
        [words] = busy([sip])
    assert f"Port {port} is in use, and 'sip' needs it" in words
