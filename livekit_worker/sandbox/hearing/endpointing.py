"""Where speech begins and ends in a stream of sound, by its energy."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

RATE = 16_000
END_SILENCE_SECONDS = 0.5
START_SECONDS = 0.2
CLICK_SECONDS = 0.25
_QUIET_RMS = 250.0
# What is so much weaker than an utterance's loudest part is the echo of a click.
_ECHO = 0.05
_ABOVE_NOISE = 3.0
LEAD_SECONDS = 0.3
_NOISE_SECONDS = 3.0
_LONGEST_SECONDS = 20.0
_HOP_SECONDS = 0.05
_HOP = int(_HOP_SECONDS * RATE) * 2


def loudness(pcm: bytes) -> float:
    """Root mean square of 16-bit samples."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    return float(np.sqrt(np.mean(samples * samples))) if len(samples) else 0.0


@dataclass(frozen=True)
class SpeechStarted:
    """Somebody has been speaking for 200 ms, without a pause that ends a click."""


@dataclass(frozen=True)
class Utterance:
    """Speech with silence after it: 16 kHz mono samples."""

    pcm: bytes


@dataclass
class Endpointer:
    """Cuts sound, fed in any portions, into utterances."""

    _rest: bytes = b""
    _lead: deque[bytes] = field(
        default_factory=lambda: deque(maxlen=int(LEAD_SECONDS / _HOP_SECONDS))
    )
    _spoken: list[bytes] = field(default_factory=list)
    _loud: list[float] = field(default_factory=list)
    _quiet: int = 0
    _has_started: bool = False
    _levels: deque[float] = field(
        default_factory=lambda: deque(maxlen=int(_NOISE_SECONDS / _HOP_SECONDS))
    )

    @property
    def is_speech(self) -> bool:
        """Whether an utterance is under way."""
        return bool(self._spoken)

    def feed(self, pcm: bytes) -> list[SpeechStarted | Utterance]:
        """Listen on; says what has begun or ended."""
        pcm = self._rest + pcm
        whole = len(pcm) // _HOP * _HOP
        self._rest = pcm[whole:]
        heard = (self._hop(pcm[at : at + _HOP]) for at in range(0, whole, _HOP))
        return [event for event in heard if event is not None]

    def finish(self) -> Utterance | None:
        """End the utterance under way; None when it was too short to be speech."""
        spoken, was_speech = self._spoken, self._has_started
        self._spoken, self._loud, self._quiet = [], [], 0
        self._has_started = False
        if was_speech:
            return Utterance(b"".join(spoken))
        self._lead.extend(spoken)
        return None

    def _hop(self, pcm: bytes) -> SpeechStarted | Utterance | None:
        level = loudness(pcm)
        self._levels.append(level)
        # Speech has pauses within three seconds: the quietest hop is the noise.
        is_loud = level > max(_QUIET_RMS, min(self._levels) * _ABOVE_NOISE)
        if not self._spoken and not is_loud:
            self._lead.append(pcm)
            return None
        return self._speech_hop(pcm, level if is_loud else 0)

    def _speech_hop(
        self, pcm: bytes, loudness: float
    ) -> SpeechStarted | Utterance | None:
        if not self._spoken:
            self._spoken = list(self._lead)
            self._lead.clear()
        self._spoken.append(pcm)
        self._quiet = 0 if loudness else self._quiet + 1
        if loudness:
            self._loud.append(loudness)
        if self._is_over():
            return self.finish()
        return self._start()

    def _is_over(self) -> bool:
        patience = END_SILENCE_SECONDS if self._has_started else CLICK_SECONDS
        seconds = len(self._spoken) * _HOP_SECONDS
        return self._quiet * _HOP_SECONDS >= patience or seconds > _LONGEST_SECONDS

    def _start(self) -> SpeechStarted | None:
        strong = sum(level > max(self._loud) * _ECHO for level in self._loud)
        if self._has_started or strong * _HOP_SECONDS < START_SECONDS:
            return None
        self._has_started = True
        return SpeechStarted()
