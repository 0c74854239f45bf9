"""A question handed to another model, which has longer to think than a voice does.

It speaks through LangChain with any server that has OpenAI's chat protocol. LangChain
is an extra: where it is not installed, the tool says so.
"""

import asyncio
from typing import Annotated, Any

from pydantic import Field

from tools_app.base import (
    BaseConfig,
    BaseSensitiveConfig,
    BaseTool,
    CallContext,
    RunContext,
    ToolError,
    ToolMetadata,
)
from tools_app.http import open_client
from tools_app.http_failures import HttpFailure

try:
    import openai
    from langchain_openai import ChatOpenAI
except ImportError:
    ChatOpenAI = None  # type: ignore[assignment, misc]

Context = RunContext[CallContext]

GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/"
MOST_CHARACTERS = 2_000
NO_SPECIALIST = "The specialist cannot be asked."
SLOW = "The specialist takes too long. Answer as well as you can without."
INSTALL = (
    "LangChain is not installed on this worker: install langchain-openai there "
    "(`uv sync --extra langchain`), then restart the worker."
)
# What a refusal mostly means, by its status.
HINTS = {
    400: "it does not take the request: check the model's name",
    401: "it does not accept the key",
    403: "the key may not use this model",
    404: "it has no such model, or the address is wrong",
    429: "the limit of requests or the credit is used up",
}
FORM = (
    "Your answer is read out on the phone: a few short sentences without lists or "
    "markup. Say so when you do not know."
)


class AskSpecialistTool(BaseTool):
    """Another model with instructions of its own."""

    class Config(BaseConfig):
        """Which model, what it knows, how long it may take."""

        model: str = Field(min_length=1, description="Like gemini-2.5-pro.")
        instructions: str = Field(
            min_length=1,
            max_length=20_000,
            description="What the specialist is, knows and must not say.",
        )
        seconds: int = Field(
            8,
            ge=1,
            le=50,
            description="How long it may think. The time limit of the tool must be "
            "longer.",
        )

    class SensitiveConfig(BaseSensitiveConfig):
        """The model's server. Its address stands beside the key, so that nobody who
        does not know the key can have it sent elsewhere."""

        api_key: str = Field(title="API key", min_length=1)
        base_url: str = Field(
            GEMINI,
            title="Address",
            description="Of the server, which speaks OpenAI's chat protocol; without "
            "one, Gemini's. Give the key with it.",
            pattern="^https?://",
        )

    _client: Any = None

    @property
    def metadata(self) -> ToolMetadata:
        """What staff read of it."""
        about = "Hands hard questions to another model with instructions of its own."
        return ToolMetadata(
            name="Ask a specialist",
            description=f"Off: {INSTALL}" if ChatOpenAI is None else about,
            requires_auth=True,
            auth_type="api_key",
        )

    async def setup(self) -> None:
        """Open the way to the model."""
        if ChatOpenAI is None:
            return
        self._client = open_client(timeout=self.config.seconds)
        self._model = ChatOpenAI(
            model=self.config.model,
            base_url=self.secrets.base_url,
            api_key=self._key,
            http_async_client=self._client,
            timeout=self.config.seconds,
            max_retries=0,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client:
            await self._client.aclose()

    async def ask_specialist(
        self,
        context: Context,
        question: Annotated[
            str,
            Field(
                min_length=1,
                description="The whole question with all that matters for it: the "
                "specialist has not heard the call.",
            ),
        ],
    ) -> dict[str, str]:
        """Ask a specialist who knows more about the matter.

        Use it for questions that your instructions do not answer. It takes some
        seconds: say first that you will look into it.
        """
        return {"answer": await self._answer(question)}

    async def test_tool(self, context: Context) -> dict[str, str]:
        """Ask it who it is."""
        answer = await self._answer("Say in one sentence what you can help with.")
        return {"model": self.config.model, "answer": answer}

    async def _key(self) -> str:
        """Given by a coroutine, because ChatOpenAI then makes no client that blocks: it
        would build a trust of its own, during which nobody is heard."""
        return str(self.secrets.api_key)

    async def _answer(self, question: str) -> str:
        """The answer in at most `seconds`; raises `ToolError`."""
        if self._client is None:
            raise ToolError(NO_SPECIALIST, detail=INSTALL)
        messages = [
            ("system", f"{self.config.instructions}\n\n{FORM}"),
            ("human", question),
        ]
        try:
            async with asyncio.timeout(self.config.seconds):
                answer = await self._model.ainvoke(messages)
        except (TimeoutError, openai.APITimeoutError):
            detail = f"{self.config.model} did not answer in {self.config.seconds} s."
            raise ToolError(SLOW, detail=detail, may_retry=True) from None
        except openai.OpenAIError as error:
            raise _failure(error) from None
        if text := answer.text.strip():
            return text[:MOST_CHARACTERS]
        raise ToolError(NO_SPECIALIST, detail="The model gave an empty answer.")


def _failure(error: Exception) -> ToolError:
    """In words; what the server said may hold the question, and stays out."""
    if isinstance(error, openai.APIStatusError):
        return _refusal(error.status_code)
    if isinstance(error.__cause__, HttpFailure):
        return error.__cause__
    kind = type(error).__name__
    detail = f"The model's server is away, or speaks another protocol ({kind})."
    return ToolError(NO_SPECIALIST, detail=detail, may_retry=True)


def _refusal(status: int) -> ToolError:
    passes = status == 429 or status >= 500
    hint = HINTS.get(status) or ("it failed by itself" if passes else "it refuses")
    detail = f"The model's server answers {status}: {hint}."
    return ToolError(NO_SPECIALIST, detail=detail, may_retry=passes)
