"""Where speech begins and ends, and what it says."""

import numpy as np
import pytest
from livekit import rtc

from agents_app.voices.espeak import speak
from livekit_worker.sandbox.hearing.ear import Ear
from livekit_worker.sandbox.hearing.endpointing import (
    Endpointer,
    SpeechStarted,
    Utterance,
)
from tests.livekit_worker.sandbox.conftest import BOOK, CANCEL, WEATHER

SECOND = 32_000
HOP = 1_600


def noise(seconds: float, *, loudness: float) -> bytes:
    """Noise of that loudness (root mean square)."""
    samples = np.random.default_rng(1).standard_normal(int(seconds * 16_000))
    return (samples * loudness).astype("<i2").tobytes()


def heard(*sounds: bytes) -> list[type]:
    """What the endpointer makes of the sounds, fed in portions of 50 ms."""
    endpointer, pcm = Endpointer(), b"".join(sounds)
    portions = (pcm[at : at + HOP] for at in range(0, len(pcm), HOP))
    return [type(event) for portion in portions for event in endpointer.feed(portion)]


def test_speech_between_silences_is_one_utterance() -> None:
    pause, speech = bytes(SECOND), noise(1, loudness=3_000)
    assert heard(pause, speech, pause) == [SpeechStarted, Utterance]


def test_short_pause_does_not_end_speech() -> None:
    pause, speech = noise(0.3, loudness=20), noise(0.5, loudness=3_000)
    assert heard(speech, pause, speech, bytes(SECOND)) == [SpeechStarted, Utterance]


def test_click_is_not_speech() -> None:
    assert heard(noise(0.1, loudness=9_000), bytes(SECOND)) == []


def test_clicks_do_not_add_up_to_speech() -> None:
    click = noise(0.04, loudness=9_000) + noise(0.12, loudness=300) + bytes(SECOND // 3)
    assert heard(bytes(SECOND), click * 40, bytes(SECOND)) == []


def test_word_after_a_click_is_kept_whole() -> None:
    endpointer = Endpointer()
    click, speech = noise(0.04, loudness=9_000), noise(1, loudness=3_000)
    sound = bytes(SECOND) + click + bytes(SECOND // 3) + speech + bytes(SECOND)
    events = endpointer.feed(sound)
    assert [type(event) for event in events] == [SpeechStarted, Utterance]
    assert len(events[-1].pcm) > len(speech) + 0.2 * SECOND  # type: ignore[union-attr]


def test_steady_noise_is_not_speech() -> None:
    hum = noise(30, loudness=500)
    assert heard(bytes(SECOND), hum).count(SpeechStarted) <= 1
    assert heard(hum) == []


def test_utterance_keeps_the_beginning_of_the_word() -> None:
    endpointer = Endpointer()
    speech = noise(1, loudness=3_000)
    events = endpointer.feed(bytes(SECOND) + speech + bytes(SECOND))
    assert isinstance(events[-1], Utterance)
    assert len(events[-1].pcm) > len(speech) + 0.2 * SECOND


@pytest.fixture(scope="module")
def ear() -> Ear:
    """The ear of the salon's agent."""
    return Ear((BOOK, CANCEL, WEATHER))


def spoken(text: str) -> bytes:
    """espeak's sound at the ear's rate."""
    resampler = rtc.AudioResampler(24_000, 16_000)
    pcm = speak(text).pcm
    frames = resampler.push(rtc.AudioFrame(pcm, 24_000, 1, len(pcm) // 2))
    return b"".join(bytes(frame.data) for frame in frames + resampler.flush())


@pytest.mark.parametrize(
    "text",
    [
        "cancel an appointment for two",
        "what are your opening hours",
        "what is the weather",
        "yes please",
    ],
)
def test_phrase_is_understood(ear: Ear, text: str) -> None:
    assert ear.understand(spoken(text), is_asking=False) == text


def test_answer_is_understood_when_one_is_due(ear: Ear) -> None:
    text = "tomorrow at three in the afternoon"
    assert ear.understand(spoken(text), is_asking=True) == text


@pytest.mark.parametrize(
    "text",
    ["my dog has eaten the newspaper again", "i think we should buy a new car soon"],
)
def test_speech_outside_the_phrases_is_not_understood(ear: Ear, text: str) -> None:
    assert ear.understand(spoken(text), is_asking=False) is None
