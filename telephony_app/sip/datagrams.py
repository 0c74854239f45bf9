"""UDP sockets."""

import asyncio
from collections.abc import Callable

Address = tuple[str, int]
Received = Callable[[bytes, Address], None]


async def open_socket(received: Received, local: Address) -> asyncio.DatagramTransport:
    """A socket here (port 0: any) that passes on what comes, and from whom.

    Raises OSError when the port is taken.
    """
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Receiver(received), local_addr=local
    )
    return transport


def own_address(transport: asyncio.DatagramTransport) -> Address:
    """Where the socket is reached."""
    host, port = transport.get_extra_info("sockname")[:2]
    return host, port


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, received: Received) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._received(data, addr[:2])
