"""Voices that turn written words into sound, each in a module of its own."""

from dataclasses import dataclass

SAMPLE_RATE = 24_000
"""Samples per second of every `Speech`: the rate Gemini Live speaks at."""


@dataclass(frozen=True)
class Speech:
    """Spoken words: mono, signed 16-bit little-endian samples."""

    pcm: bytes
    sample_rate: int = SAMPLE_RATE

    @property
    def seconds(self) -> float:
        """How long it takes to say."""
        return len(self.pcm) / 2 / self.sample_rate
