"""Google's voice: what it is asked, and that every failure of it is an OSError."""

from collections.abc import Iterator

import pytest
from google.genai import types
from pytest_django import Settings
from werkzeug import Response

from agents_app.voices import Speech
from agents_app.voices.google import speak
from tests.standins.google.voice import KEY, GoogleVoice, voice_error


@pytest.fixture
def google_voice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GoogleVoice]:
    """Google, with an account that may speak."""
    settings.GOOGLE_API_KEY, settings.GOOGLE_USES_VERTEX = KEY, False
    with GoogleVoice() as standin:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", standin.url)
        yield standin


def hello() -> Speech:
    """A line, spoken."""
    return speak("Guten Tag", voice="Kore", language="de-DE")


def test_sound_arrives_as_it_was_spoken(google_voice: GoogleVoice) -> None:
    assert hello() == Speech(google_voice.pcm, sample_rate=24_000)


def test_words_voice_and_language_are_asked_for(google_voice: GoogleVoice) -> None:
    hello()
    [asked] = google_voice.spoken
    assert asked["contents"][0]["parts"] == [{"text": "Guten Tag"}]
    wanted = asked["generationConfig"]
    assert wanted["responseModalities"] == ["AUDIO"]
    # Google takes the names of its fields in either spelling.
    speech = types.SpeechConfig.model_validate(wanted["speechConfig"])
    assert speech.language_code == "de-DE"
    assert speech.voice_config and speech.voice_config.prebuilt_voice_config
    assert speech.voice_config.prebuilt_voice_config.voice_name == "Kore"


def test_answer_without_sound_is_an_error(google_voice: GoogleVoice) -> None:
    google_voice.pcm = b""
    with pytest.raises(OSError, match="gave no audio"):
        hello()


def test_refusal_is_told_by_its_number_and_kind_alone(
    google_voice: GoogleVoice,
) -> None:
    google_voice.fail(voice_error(429, "RESOURCE_EXHAUSTED"))
    with pytest.raises(OSError, match="429 RESOURCE_EXHAUSTED") as caught:
        hello()
    assert KEY not in str(caught.value)


def test_wrong_key_is_an_error(google_voice: GoogleVoice, settings: Settings) -> None:
    settings.GOOGLE_API_KEY = "AIza-wrong"
    with pytest.raises(OSError, match="400 INVALID_ARGUMENT"):
        hello()


def test_answer_that_nobody_can_read_is_an_error(google_voice: GoogleVoice) -> None:
    google_voice.fail(Response("<h1>Welcome</h1>", content_type="text/html"))
    with pytest.raises(OSError, match="spoke no line"):
        hello()


def test_google_that_is_not_reached_is_an_error(google_voice: GoogleVoice) -> None:
    google_voice.__exit__()
    try:
        with pytest.raises(OSError, match="ConnectError"):
            hello()
    finally:
        google_voice.__enter__()
