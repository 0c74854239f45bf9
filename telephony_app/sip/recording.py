"""What was heard, on the time line of its RTP packets."""

import time
import wave
from pathlib import Path

from telephony_app.sip import g711
from telephony_app.sip.rtp import FRAME, Packet

# Quieter is line noise, or the silence that a bridge sends.
LOUD = 300.0
HALF = 2**31


class Recording:
    """Packets put at their places: lost ones are silence, repeated ones count once.

    Times are `time.monotonic()` seconds; `lost` is how many packets never came.
    """

    def __init__(self) -> None:
        self._first = 0
        self._frames: dict[int, bytes] = {}
        self._last_at = 0.0
        self._last_number: int | None = None
        self.loud_at: list[float] = []
        self.first_at: float | None = None
        self.longest_gap = 0.0
        self.lost = 0

    def count(self, packet: Packet) -> None:
        """Notice what is missing before this packet, whatever it carries."""
        last, self._last_number = self._last_number, packet.number
        step = 1 if last is None else (packet.number - last) % 2**16
        if step < 2**15:
            self.lost += max(0, step - 1)
        else:
            self.lost -= 1
            self._last_number = last

    def add(self, packet: Packet) -> None:
        """Keep one packet of sound that has just come."""
        now = time.monotonic()
        if self.first_at is None:
            self.first_at, self._first = now, packet.timestamp
        else:
            self.longest_gap = max(self.longest_gap, now - self._last_at)
        self._last_at = now
        place = (packet.timestamp - self._first) % 2**32
        if place < HALF:
            self._frames[place] = packet.payload
        if g711.loudness(packet.payload) > LOUD:
            self.loud_at.append(now)

    @property
    def packets(self) -> int:
        """How many came, each counted once."""
        return len(self._frames)

    @property
    def pcm(self) -> bytes:
        """The samples: 8000 a second, signed 16 bit, mono."""
        end = max((at + len(f) for at, f in self._frames.items()), default=0)
        sound = bytearray([g711.SILENCE]) * end
        for place, frame in self._frames.items():
            sound[place : place + len(frame)] = frame
        return g711.decode(bytes(sound))

    def loudness(self) -> list[float]:
        """Root mean square of each 20 ms, in order."""
        sound = g711.encode(self.pcm)
        return [
            g711.loudness(sound[start : start + FRAME])
            for start in range(0, len(sound), FRAME)
        ]

    def save(self, file: Path | str) -> None:
        """Write a WAV file."""
        with wave.open(str(file), "wb") as written:
            written.setnchannels(1)
            written.setsampwidth(2)
            written.setframerate(g711.RATE)
            written.writeframes(self.pcm)
