"""G.711 µ-law, the telephone's sound: 8000 samples a second of one byte each.

ITU-T G.711. Samples are signed 16 bit, little-endian in bytes.
"""

import array
import math
import sys

RATE = 8000
BIAS, CLIP = 0x84, 32_635
SILENCE = 0xFF


def _decoded(byte: int) -> int:
    inverted = ~byte & 0xFF
    magnitude = ((inverted & 0x0F) << 3) + BIAS << (inverted >> 4 & 7)
    return BIAS - magnitude if inverted & 0x80 else magnitude - BIAS


def _encoded(sample: int) -> int:
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    magnitude = min(magnitude, CLIP) + BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | magnitude >> exponent + 3 & 0x0F) & 0xFF


_DECODED = [_decoded(byte) for byte in range(256)]
_SQUARES = [value * value for value in _DECODED]
# Indexed by the sample's 16 bits: negative samples follow the positive ones.
_ENCODED = bytes(
    _encoded(bits - 65_536 if bits >= 32_768 else bits) for bits in range(65_536)
)


def encode(pcm: bytes) -> bytes:
    """µ-law bytes of these samples."""
    samples = array.array("H", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return bytes(map(_ENCODED.__getitem__, samples))


def decode(sound: bytes) -> bytes:
    """The samples of these µ-law bytes."""
    samples = array.array("h", map(_DECODED.__getitem__, sound))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def loudness(sound: bytes) -> float:
    """Root mean square of µ-law bytes, from 0 to 32124."""
    return math.sqrt(sum(map(_SQUARES.__getitem__, sound)) / (len(sound) or 1))
