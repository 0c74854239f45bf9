"""Requests get through, whatever carries them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

import pytest

from telephony_app.sip import NotAnswered, SipCall, SipPhone
from telephony_app.sip.message import Message, Request, Response, parse

BUSY = (486, "Busy Here")


class Peer:
    """A bare socket at the other end: what it gets is read, and answered by hand."""

    def __init__(self) -> None:
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(5)
        self.port: int = self._socket.getsockname()[1]

    async def gets(self) -> tuple[Request | Response, tuple[str, int]]:
        """The next message, and from whom."""
        data, source = await asyncio.to_thread(self._socket.recvfrom, 65_535)
        return parse(data), source

    def sends(self, message: Message, to: tuple[str, int]) -> None:
        """Send one message."""
        self._socket.sendto(bytes(message), to)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    """The other end of a call."""
    peer = Peer()
    yield peer
    peer.close()


async def test_unanswered_invite_is_sent_again(peer: Peer) -> None:
    async with SipCall(f"sip:a@127.0.0.1:{peer.port}") as call:
        first, _ = await peer.gets()
        second, source = await peer.gets()
        assert bytes(first) == bytes(second)
        assert isinstance(second, Request)
        peer.sends(Response.to(second, *BUSY, tag="t"), source)
        with pytest.raises(NotAnswered, match="486"):
            await call.answered()
        ack, _ = await peer.gets()
        assert ack.method == "ACK"
        assert ack.branch == second.branch


async def test_call_that_makes_progress_is_not_sent_again(peer: Peer) -> None:
    async with SipCall(f"sip:a@127.0.0.1:{peer.port}") as call:
        invite, source = await peer.gets()
        assert isinstance(invite, Request)
        peer.sends(Response.to(invite, 100, "Trying"), source)
        await asyncio.sleep(0.8)
        peer.sends(Response.to(invite, *BUSY, tag="t"), source)
        with pytest.raises(NotAnswered):
            await call.answered()
        assert (await peer.gets())[0].method == "ACK"


async def test_answer_is_confirmed_as_often_as_it_comes(peer: Peer) -> None:
    async with SipCall(f"sip:a@127.0.0.1:{peer.port}") as call:
        invite, source = await peer.gets()
        assert isinstance(invite, Request)
        picked_up = Response.to(invite, 200, "OK", tag="t")
        picked_up.headers.add("Contact", f"<sip:a@127.0.0.1:{peer.port}>")
        picked_up.body = invite.body
        for _ in range(2):
            peer.sends(picked_up, source)
            ack, _ = await peer.gets()
            assert ack.method == "ACK"
            assert ack.headers["CSeq"] == "1 ACK"
            assert ack.headers["To"].endswith(";tag=t")
            assert ack.branch != invite.branch
        assert call.answered_at is not None


async def test_repeated_request_gets_the_same_answer_and_is_done_once(
    peer: Peer,
) -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        invite = (await phone.called()).invite
        there = phone.address.rpartition(":")
        for _ in range(2):
            peer.sends(invite, (there[0], int(there[2])))
            answer, _ = await peer.gets()
            assert isinstance(answer, Response)
            assert answer.status == 200
        assert len(phone.calls) == 1


async def test_picking_up_is_repeated_until_it_is_confirmed(peer: Peer) -> None:
    async with SipPhone() as phone:
        async with SipCall(phone.uri()) as template:
            await template.answered()
            invite = (await phone.called()).invite
        invite.headers["Call-ID"] = "another"
        invite.headers["Via"] = f"SIP/2.0/UDP 127.0.0.1:{peer.port};branch=z9hG4bKother"
        host, _, port = phone.address.rpartition(":")
        peer.sends(invite, (host, int(port)))
        answers = [(await peer.gets())[0] for _ in range(4)]
    assert [answer.status for answer in answers] == [180, 200, 200, 200]


@pytest.mark.parametrize(
    "split", [lambda data: [data], lambda data: [data[:50], data[50:]]]
)
async def test_messages_over_tcp_come_in_any_pieces(
    split: Callable[[bytes], list[bytes]],
) -> None:
    async def refuse(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        invite = parse(head)
        assert isinstance(invite, Request)
        await reader.readexactly(int(invite.headers["Content-Length"]))
        ringing, busy = Response.to(invite, 180, "Ringing"), Response.to(invite, *BUSY)
        for piece in split(bytes(ringing) + bytes(busy)):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.05)
        await reader.read(100)
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, SipCall(f"sip:a@127.0.0.1:{port};transport=tcp") as call:
        with pytest.raises(NotAnswered, match="486"):
            await call.answered()
        assert call.provisional == [180]


async def test_nobody_at_the_port_is_told_on_entry() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(OSError, match="Connect"):
        async with SipCall(f"sip:a@127.0.0.1:{port};transport=tcp"):
            pass
