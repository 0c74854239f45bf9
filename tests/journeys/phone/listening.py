"""What a caller's recording holds."""

import numpy as np
from numpy.typing import NDArray

from telephony_app.sip import g711
from telephony_app.sip.recording import LOUD, Recording
from telephony_app.sip.resampling import to_telephone
from telephony_app.sip.rtp import FRAME


def share_heard(recording: Recording, pcm: bytes, *, rate: int) -> float:
    """How much of the loud part of these words is in the recording, from 0 to 1.

    Compared is when it was loud, in steps of 20 ms and give or take two: coding changes
    every sample.
    """
    heard = (np.convolve(_loud(recording.loudness()), np.ones(5)) > 0).astype(float)
    words = _loud(_loudness(to_telephone(pcm, rate=rate)))
    return float(np.correlate(heard, words, mode="full").max() / words.sum())


def _loudness(pcm: bytes) -> list[float]:
    sound = g711.encode(pcm)
    starts = range(0, len(sound), FRAME)
    return [g711.loudness(sound[start : start + FRAME]) for start in starts]


def _loud(loudness: list[float]) -> NDArray[np.float64]:
    return (np.array(loudness) > LOUD).astype(np.float64)
