"""A voicemail's beep, told from voices and other tones."""

import pytest

from agents_app.voices.espeak import speak
from livekit_worker.phone.beep import RATE, Beep
from telephony_app.sip import g711
from telephony_app.sip.resampling import to_telephone
from tests.journeys.phone.called import tones

FRAME = 320


def is_heard(pcm: bytes) -> bool:
    """Whether a beep is heard over a telephone line, in frames of 20 ms."""
    beep, sound = Beep(), g711.decode(g711.encode(pcm))
    starts = range(0, len(sound), FRAME)
    return any(beep.hear(sound[start : start + FRAME]) for start in starts)


def silence(seconds: float) -> bytes:
    """Nothing."""
    return bytes(2 * int(RATE * seconds))


@pytest.mark.parametrize("hertz", [400, 440, 800, 1000, 1400, 2000])
def test_steady_tone_is_a_beep(hertz: int) -> None:
    assert is_heard(tones(hertz) + silence(0.1))


def test_beep_that_goes_on_is_not_over_yet() -> None:
    assert not is_heard(tones(1000))


def test_beep_after_a_greeting_is_heard() -> None:
    words = to_telephone(speak("Please leave a message.").pcm, rate=24_000)
    assert is_heard(words + tones(1000) + silence(0.1))


def test_click_is_too_short_for_a_beep() -> None:
    assert not is_heard(tones(1000, seconds=0.15) + silence(0.1))


@pytest.mark.parametrize("pair", [(697, 1209), (440, 480), (480, 620), (350, 440)])
def test_keys_and_signals_of_the_network_are_two_tones(pair: tuple[int, int]) -> None:
    assert not is_heard(tones(*pair) + silence(0.1))


@pytest.mark.parametrize("hertz", [100, 3000])
def test_hum_and_whistle_of_the_line_are_none(hertz: int) -> None:
    assert not is_heard(tones(hertz) + silence(0.1))


def test_faint_tone_is_none() -> None:
    assert not is_heard(tones(1000, loudness=100) + silence(0.1))


@pytest.mark.parametrize("voice", ["Puck", "Zephyr"])
def test_voice_that_draws_out_its_vowels_is_none(voice: str) -> None:
    words = speak("Hello? Hmmmm, ooooh, eeeee, aaaah. Who is it?", voice=voice)
    assert not is_heard(to_telephone(words.pcm, rate=24_000))
