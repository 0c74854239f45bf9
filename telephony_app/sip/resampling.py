"""Other rates to the telephone's 8000 samples a second."""

import array
import functools
import math

from telephony_app.sip.g711 import RATE

# Zero crossings of the filter on each side: enough that no tone above 4 kHz folds back
# into speech.
CROSSINGS = 8


def to_telephone(pcm: bytes, *, rate: int) -> bytes:
    """Samples (signed 16 bit) at 8000 a second, without what lies above 4 kHz.

    Takes about 0.1 s for a second of sound, so call it outside of an event loop.
    """
    if rate == RATE:
        return pcm
    samples = array.array("h", pcm)
    width = max(1.0, rate / RATE)
    reach = math.ceil(CROSSINGS * width)
    padded = (
        array.array("h", bytes(2 * reach))
        + samples
        + array.array("h", bytes(2 * reach))
    )
    out = array.array("h")
    for number in range(len(samples) * RATE // rate):
        place, part = divmod(number * rate, RATE)
        window = padded[place + 1 : place + 2 * reach + 1]
        weights = _weights(part / RATE, reach, width)
        out.append(_limited(sum(map(float.__mul__, weights, map(float, window)))))
    return out.tobytes()


@functools.lru_cache(maxsize=512)
def _weights(part: float, reach: int, width: float) -> list[float]:
    """The filter, moved by this part of a sample: a sinc under a Hann window."""
    weights = []
    for offset in range(1 - reach, reach + 1):
        x = (offset - part) / width
        sinc = math.sin(math.pi * x) / (math.pi * x) if x else 1.0
        weights.append(sinc * (0.5 + 0.5 * math.cos(math.pi * x / CROSSINGS)))
    total = sum(weights)
    return [weight / total for weight in weights]


def _limited(value: float) -> int:
    return max(-32_768, min(32_767, round(value)))
