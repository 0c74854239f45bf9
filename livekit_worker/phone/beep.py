"""A voicemail's beep: one steady tone, which no voice holds."""

import numpy as np

RATE = 8000
WINDOW_SECONDS = 0.04
LOWEST_HZ, HIGHEST_HZ = 350, 2300
# Quieter is line noise, of samples up to 32,767.
QUIETEST = 200.0
# How much of the sound is in the tone, and for how long it stays the same.
PURITY = 0.85
STEADY_WINDOWS = 6
# Hann's window spreads a tone over so many bins at each side.
SPREAD = 2

_SAMPLES = int(RATE * WINDOW_SECONDS)
_HZ_PER_BIN = RATE / _SAMPLES
_SHAPE = np.hanning(_SAMPLES)


class Beep:
    """Listens for a beep in a telephone's sound, 8000 samples a second."""

    def __init__(self) -> None:
        self._rest = np.zeros(0)
        self._bin = -1
        self._windows = 0

    def hear(self, pcm: bytes) -> bool:
        """Take the next samples (signed 16 bit); True once a beep is over, that lasted
        for a quarter of a second."""
        sound = np.concatenate([self._rest, np.frombuffer(pcm, dtype=np.int16)])
        is_over = False
        while len(sound) >= _SAMPLES:
            window, sound = sound[:_SAMPLES], sound[_SAMPLES:]
            is_over = self._ends_with(_tone(window)) or is_over
        self._rest = sound
        return is_over

    def _ends_with(self, found: int) -> bool:
        """Count the windows of one tone; True for the first one after a beep."""
        if found >= 0 and abs(found - self._bin) <= 1:
            self._bin, self._windows = found, self._windows + 1
            return False
        was_beep = self._windows >= STEADY_WINDOWS
        self._bin, self._windows = found, int(found >= 0)
        return was_beep


def _tone(window: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> int:
    """The bin of the one tone that the window is made of; -1 for any other sound."""
    if np.sqrt(np.mean(window**2)) < QUIETEST:
        return -1
    power = np.abs(np.fft.rfft(window * _SHAPE)) ** 2
    peak = int(np.argmax(power))
    if not LOWEST_HZ <= peak * _HZ_PER_BIN <= HIGHEST_HZ:
        return -1
    near = power[max(0, peak - SPREAD) : peak + SPREAD + 1].sum()
    return peak if near >= PURITY * power.sum() else -1
