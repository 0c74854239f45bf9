"""Where speech begins and ends in a stream of sound, by its energy."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

RATE = 16_000
END_SILENCE_SECONDS = 0.5
START_SECONDS = 0.2
_QUIET_RMS = 250.0
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
    """Somebody has been speaking for 200 ms."""


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
    _loud: int = 0
    _quiet: int = 0
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
        spoken, loud = self._spoken, self._loud
        self._spoken, self._loud, self._quiet = [], 0, 0
        if loud * _HOP_SECONDS < START_SECONDS:
            return None
        return Utterance(b"".join(spoken))

    def _hop(self, pcm: bytes) -> SpeechStarted | Utterance | None:
        level = loudness(pcm)
        self._levels.append(level)
        # Speech has pauses within three seconds: the quietest hop is the noise.
        is_loud = level > max(_QUIET_RMS, min(self._levels) * _ABOVE_NOISE)
        if not self._spoken and not is_loud:
            self._lead.append(pcm)
            return None
        return self._speech_hop(pcm, is_loud=is_loud)

    def _speech_hop(
        self, pcm: bytes, *, is_loud: bool
    ) -> SpeechStarted | Utterance | None:
        if not self._spoken:
            self._spoken = list(self._lead)
            self._lead.clear()
        self._spoken.append(pcm)
        self._loud += is_loud
        self._quiet = 0 if is_loud else self._quiet + 1
        seconds = len(self._spoken) * _HOP_SECONDS
        if (
            self._quiet * _HOP_SECONDS >= END_SILENCE_SECONDS
            or seconds > _LONGEST_SECONDS
        ):
            return self.finish()
        started = is_loud and self._loud == round(START_SECONDS / _HOP_SECONDS)
        return SpeechStarted() if started else None
