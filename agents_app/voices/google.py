"""Google's text to speech, in the same voices that Gemini Live speaks with.

https://ai.google.dev/gemini-api/docs/speech-generation
"""

import httpx2
from django.conf import settings
from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import errors, types

from agents_app.voices import Speech

MODEL = "gemini-2.5-flash-preview-tts"
SAMPLE_RATE = 24_000
TIMEOUT_MS = 60_000
# Google refuses, is not understood, is not reached, lets nobody in.
_FAILURES = (
    errors.APIError,
    ValueError,
    httpx2.HTTPError,
    GoogleAuthError,
)


def speak(text: str, *, voice: str, language: str) -> Speech:
    """Say a sentence; raises OSError when Google gives no audio."""
    try:
        # A client that nobody holds is closed, in the middle of its request.
        with _client() as client:
            answer = client.models.generate_content(
                model=MODEL, contents=text, config=_config(voice, language)
            )
    except _FAILURES as error:
        raise OSError(f"Google's {MODEL} spoke no line: {_why(error)}.") from error
    for candidate in answer.candidates or []:
        for part in (candidate.content and candidate.content.parts) or []:
            if part.inline_data and part.inline_data.data:
                return Speech(pcm=part.inline_data.data, sample_rate=SAMPLE_RATE)
    raise OSError(f"Google's {MODEL} gave no audio for a line.")


def _why(error: Exception) -> str:
    """The kind of a failure, without the vendor's words."""
    if isinstance(error, errors.APIError):
        return f"{error.code} {error.status}"
    return type(error).__name__


def _client() -> genai.Client:
    options = types.HttpOptions(timeout=TIMEOUT_MS)
    if settings.GOOGLE_USES_VERTEX:
        return genai.Client(
            vertexai=True,
            project=settings.GOOGLE_CLOUD_PROJECT,
            location=settings.GOOGLE_CLOUD_LOCATION,
            http_options=options,
        )
    # Where Google documents its voices; the library would ask for v1.
    options.api_version = "v1beta"
    return genai.Client(api_key=settings.GOOGLE_API_KEY, http_options=options)


def _config(voice: str, language: str) -> types.GenerateContentConfig:
    chosen = types.VoiceConfig(
        prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name=voice)
    )
    return types.GenerateContentConfig(
        response_modalities=["AUDIO"],
        speech_config=types.SpeechConfig(voice_config=chosen, language_code=language),
    )
