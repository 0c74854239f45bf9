"""A stand-in for a chat model behind OpenAI's protocol, which many servers speak.

https://platform.openai.com/docs/api-reference/chat/create
"""

from collections.abc import Iterable
from typing import Any

from werkzeug import Request, Response

from tests.standins.serving import Endpoint, Refusal, StandIn, as_json

MODEL = "wise-1"
KEY = "sk-test-0123456789abcdef"


def chat_error(status: int, code: str) -> Response:
    """An error as such servers write it."""
    kind = "invalid_request_error"
    message = f"Something about {KEY} and the question"
    error = {"message": message, "type": kind, "param": None, "code": code}
    return as_json({"error": error}, status)


class ChatModel(StandIn):
    """The server: it answers whatever it was told to."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.answer = "Lilies are poisonous for cats."
        self.questions: list[list[dict[str, Any]]] = []

    @property
    def base_url(self) -> str:
        """What stands for https://api.openai.com/v1."""
        return f"{self.url}/v1"

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """The one endpoint that chats go through."""
        return [("POST", "/v1/chat/completions", self._complete)]

    def _complete(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            raise Refusal(chat_error(401, "invalid_api_key"))
        body = request.get_json()
        if body["model"] != MODEL:
            raise Refusal(chat_error(404, "model_not_found"))
        self.questions.append(body["messages"])
        message = {"role": "assistant", "content": self.answer}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
        return as_json(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1_900_000_000,
                "model": MODEL,
                "choices": [choice],
                "usage": usage,
            }
        )
