"""One side of a recording: pieces of sound at their places in time."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


class Channel:
    """Sound by the number of its first sample; silence wherever there was none."""

    def __init__(self) -> None:
        self._pieces: list[tuple[int, Samples]] = []

    def place(self, start: int, sound: Samples) -> None:
        """Sound that begins with this sample."""
        self._pieces.append((start, sound))

    def cut(self, at: int) -> None:
        """What was placed from this sample on was not heard."""
        before = [(start, sound) for start, sound in self._pieces if start < at]
        self._pieces = [(start, sound[: at - start]) for start, sound in before]

    def take(self, start: int, end: int) -> Samples:
        """The sound from `start` to before `end`; it will not be asked for again."""
        block = np.zeros(end - start, dtype=np.int16)
        for at, sound in self._pieces:
            first, last = max(at, start), min(at + len(sound), end)
            if first < last:
                block[first - start : last - start] = sound[first - at : last - at]
        self._pieces = [(a, sound) for a, sound in self._pieces if a + len(sound) > end]
        return block
