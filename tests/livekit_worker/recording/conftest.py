"""Recordings, and what can be heard in them."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from livekit_worker.recording.channel import Samples
from livekit_worker.recording.ogg import RATE


def tone(seconds: float, *, hertz: float = 440) -> Samples:
    """A tone of this length."""
    moments = np.arange(round(seconds * RATE)) / RATE
    return (8000 * np.sin(2 * np.pi * hertz * moments)).astype(np.int16)


def silence(seconds: float) -> Samples:
    """Nothing, for this long."""
    return np.zeros(round(seconds * RATE), dtype=np.int16)


def heard(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How loud the left and the right are, in steps of 100 ms."""
    with av.open(path) as container:
        frames = [f.to_ndarray() for f in container.decode(audio=0)]
    sound = np.concatenate(frames, axis=1)
    step = 4800  # Opus decodes to 48 kHz
    whole = sound[:, : sound.shape[1] // step * step].reshape(2, -1, step)
    left, right = np.sqrt((whole.astype(np.float64) ** 2).mean(axis=2))
    return left, right


def loud_steps(loudness: NDArray[np.float64]) -> list[int]:
    """The steps of 100 ms in which something is heard."""
    return [int(step) for step in np.flatnonzero(loudness > loudness.max() / 4)]
