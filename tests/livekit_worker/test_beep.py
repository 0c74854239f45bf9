"""A voicemail's beep, told from voices and other tones."""

import numpy as np
import pytest

from agents_app.voices.espeak import speak
from livekit_worker.beep import RATE, Beep
from telephony_app.sip import g711
from telephony_app.sip.resampling import to_telephone

FRAME = 320


def tones(*hertz: int, seconds: float = 0.5, loudness: int = 8000) -> bytes:
    """Pure tones at once."""
    times = np.arange(int(RATE * seconds)) / RATE
    waves = [np.sin(2 * np.pi * each * times) for each in hertz]
    mixed = loudness * np.mean(waves, axis=0)
    return mixed.astype(np.int16).tobytes()


def is_heard(pcm: bytes) -> bool:
    """Whether a beep is heard over a telephone line, in frames of 20 ms."""
    beep, sound = Beep(), g711.decode(g711.encode(pcm))
    starts = range(0, len(sound), FRAME)
    return any(beep.hear(sound[start : start + FRAME]) for start in starts)


@pytest.mark.parametrize("hertz", [400, 440, 800, 1000, 1400, 2000])
def test_steady_tone_is_a_beep(hertz: int) -> None:
    assert is_heard(tones(hertz))


def test_beep_after_a_greeting_is_heard() -> None:
    words = to_telephone(speak("Please leave a message.").pcm, rate=24_000)
    assert is_heard(words + tones(1000))


def test_click_is_too_short_for_a_beep() -> None:
    assert not is_heard(tones(1000, seconds=0.15))


@pytest.mark.parametrize("pair", [(697, 1209), (440, 480), (480, 620), (350, 440)])
def test_keys_and_signals_of_the_network_are_two_tones(pair: tuple[int, int]) -> None:
    assert not is_heard(tones(*pair))


@pytest.mark.parametrize("hertz", [100, 3000])
def test_hum_and_whistle_of_the_line_are_none(hertz: int) -> None:
    assert not is_heard(tones(hertz))


def test_faint_tone_is_none() -> None:
    assert not is_heard(tones(1000, loudness=100))


@pytest.mark.parametrize("voice", ["Puck", "Zephyr"])
def test_voice_that_draws_out_its_vowels_is_none(voice: str) -> None:
    words = speak("Hello? Hmmmm, ooooh, eeeee, aaaah. Who is it?", voice=voice)
    assert not is_heard(to_telephone(words.pcm, rate=24_000))
