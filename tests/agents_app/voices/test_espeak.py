"""The espeak-ng voice (each run of it differs by some milliseconds and a flutter)."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from agents_app.voices.characters import CHARACTERS, MEN, WOMEN
from agents_app.voices.espeak import speak

GEMINI_VOICES = 30
WORDS = "one two three four five"
_SAME_SECONDS = 0.02


def seconds(*, voice: str = "Puck", language: str = "en-US") -> float:
    """How long the words take."""
    return speak(WORDS, voice=voice, language=language).seconds


def pitch(voice: str) -> float:
    """How often the voice swings in a second: the median over its loud moments."""
    samples = np.frombuffer(speak(WORDS, voice=voice).pcm, dtype="<i2").astype(float)
    moments = [samples[at : at + 2_400] for at in range(0, len(samples) - 2_400, 1_200)]
    return float(np.median([_swings(m) for m in moments if abs(m).max() > 3_000]))


def _swings(moment: np.ndarray) -> float:
    """The pitch whose echo is strongest, between 60 and 300 Hz."""
    echo = np.correlate(moment, moment, "full")[len(moment) - 1 :]
    shortest, longest = 24_000 // 300, 24_000 // 60
    return 24_000 / (shortest + int(echo[shortest:longest].argmax()))


def test_words_become_sound_at_24_khz() -> None:
    speech = speak("Hello, this is a test.")
    loudest = np.abs(np.frombuffer(speech.pcm, dtype="<i2")).max()
    assert speech.sample_rate == 24_000
    assert 1 < speech.seconds < 4
    assert loudest > 5_000


def test_each_gemini_voice_has_a_character_of_its_own() -> None:
    assert len(set(CHARACTERS.values())) == len(CHARACTERS) == GEMINI_VOICES


@pytest.mark.parametrize(("woman", "man"), list(zip(WOMEN, MEN, strict=False)))
def test_woman_speaks_higher_than_man(woman: str, man: str) -> None:
    assert pitch(woman) > 1.2 * pitch(man)


def test_unknown_voice_speaks_as_puck() -> None:
    assert seconds(voice="Nobody") == pytest.approx(seconds(), abs=_SAME_SECONDS)


@pytest.mark.parametrize("language", ["de-DE", "fr-FR", "es-ES", "nl-NL"])
def test_language_changes_the_pronunciation(language: str) -> None:
    words = "nineteen thousand garages and nations, through and through"
    spoken, english = speak(words, language=language), speak(words)
    assert abs(spoken.seconds - english.seconds) > 5 * _SAME_SECONDS


def test_unknown_language_is_spoken_as_english() -> None:
    english = seconds(language="en")
    assert seconds(language="xx-YY") == pytest.approx(english, abs=_SAME_SECONDS)


def test_speakers_in_threads_do_not_mix_their_words() -> None:
    alone = seconds()
    with ThreadPoolExecutor(8) as pool:
        spoken = list(pool.map(lambda _: seconds(), range(16)))
    assert spoken == pytest.approx([alone] * 16, abs=_SAME_SECONDS)
