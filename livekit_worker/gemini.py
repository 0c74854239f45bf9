"""Gemini Live by LiveKit's plugin: the real one, or the sandbox that stands in.

The certificates are read once per worker, before it forks: google-genai builds three
TLS contexts per client on the event loop otherwise, 60 to 250 ms of silence each call.
"""

import functools
import ssl
from typing import Any

from django.conf import settings
from google.genai import types
from livekit import rtc
from livekit.agents import NOT_GIVEN
from livekit.plugins.google.realtime.realtime_api import RealtimeModel, RealtimeSession

from agents_app.config import AgentConfig
from livekit_worker.speech.gate import Gate

SANDBOX_KEY = "sandbox"
CONTEXT_TRIGGER_TOKENS = 25_600
CONTEXT_TARGET_TOKENS = 12_800


@functools.cache
def tls_context() -> ssl.SSLContext:
    """The certificates that the model is trusted by, shared after the fork."""
    if settings.SANDBOX_MODEL:
        return ssl.create_default_context(cafile=settings.SANDBOX_STATE_DIR / "ca.pem")
    return ssl.create_default_context()


class GatedSession(RealtimeSession):
    """A conversation with the model, which hears what the gate lets pass.

    The local voice activity detector goes on hearing everything at once.
    """

    def __init__(self, model: RealtimeModel, gate: Gate) -> None:
        super().__init__(model)
        self._gate = gate

    def push_audio(self, frame: rtc.AudioFrame) -> None:
        for passed in self._gate.take(frame):
            super().push_audio(passed)


class GatedModel(RealtimeModel):
    """A model that hears the caller through a gate."""

    def __init__(self, gate: Gate, **options: Any) -> None:
        super().__init__(**options)
        self._gate = gate

    def session(self, *, turn_detection_disabled: bool = False) -> GatedSession:
        session = GatedSession(self, self._gate)
        self._sessions.add(session)
        return session


def realtime_model(config: AgentConfig, gate: Gate) -> GatedModel:
    """The model of one call, set up as the agent asks; it connects later.

    Session resumption and context compression are on, because a session without them
    ends after about ten minutes (https://ai.google.dev/gemini-api/docs/live-session).
    """
    vertex = settings.GOOGLE_USES_VERTEX
    return GatedModel(
        gate,
        model=config.model,
        voice=config.voice,
        language=config.language,
        temperature=config.temperature,
        session_resumption=types.SessionResumptionConfig(),
        context_window_compression=types.ContextWindowCompressionConfig(
            trigger_tokens=CONTEXT_TRIGGER_TOKENS,
            sliding_window=types.SlidingWindow(target_tokens=CONTEXT_TARGET_TOKENS),
        ),
        http_options=_http_options(),
        api_key=NOT_GIVEN if vertex else settings.GOOGLE_API_KEY or SANDBOX_KEY,
        vertexai=vertex,
        project=settings.GOOGLE_CLOUD_PROJECT if vertex else NOT_GIVEN,
        location=settings.GOOGLE_CLOUD_LOCATION if vertex else NOT_GIVEN,
    )


def _http_options() -> types.HttpOptions:
    context = tls_context()
    return types.HttpOptions(
        base_url=settings.SANDBOX_MODEL_URL if settings.SANDBOX_MODEL else None,
        client_args={"verify": context},
        async_client_args={"ssl": context, "verify": context},
    )
