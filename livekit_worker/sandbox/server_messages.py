"""What a Gemini Live server sends (https://ai.google.dev/api/live)."""

import base64
from typing import Any

Json = dict[str, Any]

SETUP_COMPLETE: Json = {"setupComplete": {}}
GENERATION_COMPLETE: Json = {"serverContent": {"generationComplete": True}}
INTERRUPTED: Json = {"serverContent": {"interrupted": True}}
GO_AWAY: Json = {"goAway": {"timeLeft": "1s"}}


def audio(pcm: bytes, *, sample_rate: int) -> Json:
    """A piece of speech."""
    data = base64.b64encode(pcm).decode()
    blob = {"mimeType": f"audio/pcm;rate={sample_rate}", "data": data}
    return {"serverContent": {"modelTurn": {"parts": [{"inlineData": blob}]}}}


def spoken_text(text: str) -> Json:
    """The words of the speech that follows."""
    return {"serverContent": {"outputTranscription": {"text": text}}}


def heard_text(text: str) -> Json:
    """The caller's words as understood."""
    return {"serverContent": {"inputTranscription": {"text": text}}}


def resumption_handle(handle: str) -> Json:
    """Where a later connection may go on from."""
    return {"sessionResumptionUpdate": {"newHandle": handle, "resumable": True}}


def tool_call(calls: list[Json]) -> Json:
    """Functions to run, each with id, name and args."""
    return {"toolCall": {"functionCalls": calls}}


def tool_call_cancellation(ids: list[str]) -> Json:
    """Functions whose results nobody waits for any more."""
    return {"toolCallCancellation": {"ids": ids}}


def turn_complete(*, prompt_tokens: int, spoken_tokens: int) -> Json:
    """The end of a turn with what it would have cost."""
    return {
        "serverContent": {"turnComplete": True},
        "usageMetadata": {
            "promptTokenCount": prompt_tokens,
            "responseTokenCount": spoken_tokens,
            "totalTokenCount": prompt_tokens + spoken_tokens,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt_tokens}],
            "responseTokensDetails": [
                {"modality": "AUDIO", "tokenCount": spoken_tokens}
            ],
        },
    }
