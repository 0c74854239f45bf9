"""The packets that a call sends."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from telephony_app.sip import dtmf
from telephony_app.sip.audio import Audio
from telephony_app.sip.rtp import Packet, parse
from telephony_app.sip.sdp import Sound


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Where the packets go."""
    with socket.socket(type=socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.settimeout(5)
        yield opened


async def sent(listener: socket.socket, audio: Audio, keys: str) -> list[Packet]:
    """Connect, press these keys; every packet up to their last."""
    port = listener.getsockname()[1]
    audio.connect(Sound("127.0.0.1", port, keys=96))
    await audio.press(keys)
    audio.close()
    listener.setblocking(False)
    packets = []
    await asyncio.sleep(0.05)
    while True:
        try:
            packets.append(parse(listener.recv(2000)))
        except BlockingIOError:
            return packets


async def test_key_begins_with_a_mark_and_keeps_the_time_of_its_begin(
    listener: socket.socket,
) -> None:
    packets = await sent(listener, await Audio.open("127.0.0.1"), "5#")
    keys = [packet for packet in packets if packet.kind == 96]
    first, second = keys[:8], keys[8:]
    assert len(second) == 8
    for press in (first, second):
        assert [packet.marker for packet in press] == [True] + [False] * 7
        assert len({packet.timestamp for packet in press}) == 1
    assert dtmf.EVENT.unpack(second[0].payload)[0] == dtmf.KEYS.index("#")


async def test_packets_are_numbered_and_sound_goes_on_in_time(
    listener: socket.socket,
) -> None:
    packets = await sent(listener, await Audio.open("127.0.0.1"), "1")
    numbers = [packet.number for packet in packets]
    start = numbers[0]
    assert numbers == [(start + step) % 2**16 for step in range(len(packets))]
    begin = packets[0].timestamp
    sound = [packet for packet in packets if packet.kind == 0]
    steps = {(packet.timestamp - begin) % 2**32 % 160 for packet in sound}
    assert steps == {0}
    assert len({packet.source for packet in packets}) == 1


async def test_side_that_takes_no_keys_is_told_apart(listener: socket.socket) -> None:
    audio = await Audio.open("127.0.0.1")
    audio.connect(Sound("127.0.0.1", listener.getsockname()[1], keys=None))
    with pytest.raises(ValueError, match="takes no keys"):
        await audio.press("1")
    audio.close()


async def test_muted_side_sends_nothing_more(listener: socket.socket) -> None:
    audio = await Audio.open("127.0.0.1")
    audio.connect(Sound("127.0.0.1", listener.getsockname()[1]))
    await asyncio.to_thread(listener.recv, 2000)
    audio.mute()
    await asyncio.sleep(0)
    listener.setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:
            listener.recv(2000)
    await asyncio.sleep(0.1)
    with pytest.raises(BlockingIOError):
        listener.recv(2000)
    audio.close()


async def test_answering_side_takes_the_others_number_for_keys(
    listener: socket.socket,
) -> None:
    audio = await Audio.open("127.0.0.1")
    audio.answer(Sound("127.0.0.1", listener.getsockname()[1], keys=96))
    listener.sendto(
        bytes(Packet(dtmf.frames("7")[0].payload, 96, 1, 1, 1)), audio.local.address
    )
    assert await audio.changes.until(lambda: audio.keypad.pressed == "7", seconds=5)
    assert b"a=rtpmap:96 telephone-event" in bytes(audio.local)
    audio.close()
