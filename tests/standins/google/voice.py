"""A stand-in for Google's text to speech, which is Gemini's `generateContent`.

https://ai.google.dev/api/generate-content
"""

import base64
from collections.abc import Iterable
from typing import Any

from werkzeug import Request, Response

from tests.standins.serving import Endpoint, Refusal, StandIn, as_json

KEY = "AIza-test-0123456789abcdef"
MODEL = "gemini-2.5-flash-preview-tts"


def voice_error(code: int, status: str) -> Response:
    """An error as Google's newer interfaces write it."""
    message = f"Something about {KEY} and the line"
    error = {"code": code, "message": message, "status": status}
    return as_json({"error": error}, code)


class GoogleVoice(StandIn):
    """The server: it speaks `pcm`, whatever the words; nothing when it is empty."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.pcm = b"\1\0" * 2_400
        self.spoken: list[dict[str, Any]] = []

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """The one endpoint that lines go through."""
        return [("POST", "/v1beta/models/<action>", self._speak)]

    def _speak(self, request: Request, action: str) -> Response:
        if action != f"{MODEL}:generateContent":
            raise Refusal(voice_error(404, "NOT_FOUND"))
        if request.headers.get("x-goog-api-key") != KEY:
            raise Refusal(voice_error(400, "INVALID_ARGUMENT"))
        self.spoken.append(request.get_json())
        sound = {
            "mimeType": "audio/L16;codec=pcm;rate=24000",
            "data": base64.b64encode(self.pcm).decode(),
        }
        content = {"role": "model", "parts": [{"inlineData": sound}]}
        said = {"content": content, "finishReason": "STOP"}
        # It gives words up like this, now and then.
        nothing = {"finishReason": "OTHER"}
        candidate = {"index": 0} | (said if self.pcm else nothing)
        return as_json({"candidates": [candidate], "modelVersion": MODEL})
