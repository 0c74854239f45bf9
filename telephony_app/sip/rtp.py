"""RTP packets (RFC 3550) and what stands in one."""

import struct
from dataclasses import dataclass

HEADER = struct.Struct("!BBHII")
VERSION = 2
FRAME_SECONDS = 0.02
# Samples of one packet: 20 ms.
FRAME = 160


class NotRtp(ValueError):
    """The bytes are no RTP packet."""


@dataclass(frozen=True)
class Packet:
    """One packet of sound or of a pressed key."""

    payload: bytes
    kind: int
    number: int
    timestamp: int
    source: int
    marker: bool = False

    def __bytes__(self) -> bytes:
        second = self.marker << 7 | self.kind
        head = HEADER.pack(
            VERSION << 6,
            second,
            self.number & 0xFFFF,
            self.timestamp & 0xFFFFFFFF,
            self.source,
        )
        return head + self.payload


def parse(data: bytes) -> Packet:
    """Read one packet; raises NotRtp."""
    if len(data) < HEADER.size or data[0] >> 6 != VERSION:
        raise NotRtp("This is no RTP packet.")
    first, second, number, timestamp, source = HEADER.unpack_from(data)
    start = HEADER.size + 4 * (first & 0x0F)
    if first & 0x10 and len(data) >= start + 4:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data) - (data[-1] if first & 0x20 else 0)
    return Packet(
        data[start:end], second & 0x7F, number, timestamp, source, bool(second >> 7)
    )
