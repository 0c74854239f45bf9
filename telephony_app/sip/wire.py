"""What carries SIP messages: UDP datagrams, or one TCP or TLS connection."""

import asyncio
import ssl
from typing import Protocol

from telephony_app.sip.address import SipUri, local_address_to
from telephony_app.sip.datagrams import Address, Received, open_socket, own_address

HEAD_END = b"\r\n\r\n"
CONNECT_SECONDS = 10


class Wire(Protocol):
    """Carries messages. `name` as `Via` has it; `local` is where it is reached."""

    name: str
    local: Address

    def send(self, data: bytes, to: Address) -> None:
        """Send one message."""

    def close(self) -> None:
        """Send and receive nothing more."""


async def open_wire(
    uri: SipUri, received: Received, *, to: Address, host: str = ""
) -> Wire:
    """A wire to `uri`, which is at this address, from our own `host` (empty: the one
    that it sees). A certificate has to be the one of the URI's host.

    Raises OSError when nobody answers there.
    """
    own = host or local_address_to(to[0])
    if uri.transport == "udp":
        return await open_datagrams(received, (own, 0))
    context = ssl.create_default_context() if uri.transport == "tls" else None
    name = uri.host if context else None
    async with asyncio.timeout(CONNECT_SECONDS):
        reader, writer = await asyncio.open_connection(
            *to, local_addr=(own, 0), ssl=context, server_hostname=name
        )
    return _Stream(reader, writer, received, name=uri.transport.upper())


async def open_datagrams(received: Received, local: Address) -> Wire:
    """A UDP socket; port 0 for any. Raises OSError when the port is taken."""
    return _Datagrams(await open_socket(received, local))


class _Datagrams:
    """A UDP socket: each message is one datagram."""

    name = "UDP"

    def __init__(self, socket: asyncio.DatagramTransport) -> None:
        self.local = own_address(socket)
        self._socket = socket

    def send(self, data: bytes, to: Address) -> None:
        """Send one message."""
        self._socket.sendto(data, to)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class _Stream:
    """A connection: messages follow each other, each as long as it says."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        received: Received,
        *,
        name: str,
    ) -> None:
        self.name = name
        self.local: Address = writer.get_extra_info("sockname")[:2]
        self._writer = writer
        self._reading = asyncio.create_task(self._read(reader, received))

    def send(self, data: bytes, to: Address) -> None:
        """Send one message."""
        self._writer.write(data)

    def close(self) -> None:
        """Close the connection."""
        self._reading.cancel()
        self._writer.close()

    async def _read(self, reader: asyncio.StreamReader, received: Received) -> None:
        peer: Address = self._writer.get_extra_info("peername")[:2]
        while not reader.at_eof():
            try:
                head = await reader.readuntil(HEAD_END)
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            body = await reader.readexactly(_length(head))
            received(head.lstrip(b"\r\n") + body, peer)


def _length(head: bytes) -> int:
    """How long the body is, by its header in either form."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() in (b"content-length", b"l"):
            return int(value)
    return 0
