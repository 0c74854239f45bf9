"""RTP packets."""

import pytest

from telephony_app.sip.rtp import NotRtp, Packet, parse

PACKET = Packet(
    b"abc", kind=101, number=65_537, timestamp=2**32 + 5, source=9, marker=True
)


def test_packet_is_read_as_it_was_written_with_its_counters_wrapped() -> None:
    assert parse(bytes(PACKET)) == Packet(
        b"abc", kind=101, number=1, timestamp=5, source=9, marker=True
    )


def test_sources_extension_and_padding_are_no_sound() -> None:
    plain = bytes(PACKET)
    with_sources = bytes([plain[0] | 1]) + plain[1:12] + b"\0\0\0\7" + plain[12:]
    assert parse(with_sources).payload == b"abc"
    extended = bytes([plain[0] | 0x10]) + plain[1:12] + b"\0\1\0\1hide" + plain[12:]
    assert parse(extended).payload == b"abc"
    padded = bytes([plain[0] | 0x20]) + plain[1:] + b"\0\2"
    assert parse(padded).payload == b"abc"


@pytest.mark.parametrize("data", [b"", b"\x80" * 11, b"\x00" * 40])
def test_other_bytes_are_no_packet(data: bytes) -> None:
    with pytest.raises(NotRtp):
        parse(data)
