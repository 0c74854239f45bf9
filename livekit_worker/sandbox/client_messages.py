"""What a Gemini Live client sends, in either key case (the SDK mixes both).

Source: https://ai.google.dev/api/live, and google-genai's own messages.
"""

import base64
from typing import Any

from pydantic import AliasChoices, AliasGenerator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from livekit_worker.sandbox.function import Function


class Message(BaseModel):
    """Base: camelCase and snake_case alike, unknown fields passed over."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=AliasGenerator(
            validation_alias=lambda name: AliasChoices(to_camel(name), name)
        ),
    )


class Part(Message):
    """A piece of a turn; only words matter to the sandbox."""

    text: str | None = None


class Content(Message):
    """One turn of somebody: role `user` or `model`."""

    role: str = "user"
    parts: list[Part] = []

    @property
    def text(self) -> str:
        """All its words."""
        return " ".join(part.text for part in self.parts if part.text).strip()


class FunctionDeclaration(Message):
    """A function on offer; its schema comes under one of two names."""

    name: str
    description: str = ""
    parameters: dict[str, Any] | None = None
    parameters_json_schema: dict[str, Any] | None = None

    def function(self) -> Function:
        """The same as the conversation knows it."""
        schema = self.parameters or self.parameters_json_schema or {}
        return Function(self.name, self.description, schema)


class Tool(Message):
    """A set of functions."""

    function_declarations: list[FunctionDeclaration] = []


class PrebuiltVoice(Message):
    """The voice by its name."""

    voice_name: str | None = None


class Voice(Message):
    """The voice asked for."""

    prebuilt_voice_config: PrebuiltVoice = PrebuiltVoice()


class SpeechConfig(Message):
    """How the model shall sound."""

    voice_config: Voice = Voice()
    language_code: str | None = None


class GenerationConfig(Message):
    """How the model shall answer."""

    speech_config: SpeechConfig = SpeechConfig()


class SessionResumption(Message):
    """Present when handles are wanted; the handle of a session to go on with."""

    handle: str | None = None


class Setup(Message):
    """The first message of a connection."""

    model: str = ""
    generation_config: GenerationConfig = GenerationConfig()
    system_instruction: Content = Content()
    tools: list[Tool] = []
    session_resumption: SessionResumption | None = None

    @property
    def voice(self) -> str:
        """The voice's name; Gemini's default is Puck."""
        speech = self.generation_config.speech_config
        return speech.voice_config.prebuilt_voice_config.voice_name or "Puck"

    @property
    def language(self) -> str:
        """BCP 47 code of the language to speak."""
        return self.generation_config.speech_config.language_code or "en-US"

    def functions(self) -> tuple[Function, ...]:
        """Every function of every tool."""
        return tuple(
            declaration.function()
            for tool in self.tools
            for declaration in tool.function_declarations
        )


class ClientContent(Message):
    """Turns to remember, and whether an answer is wanted now."""

    turns: list[Content] = []
    turn_complete: bool = False


class Blob(Message):
    """Sound: base64 of 16-bit mono samples at 16 kHz."""

    data: str = ""

    def pcm(self) -> bytes:
        """The samples; the SDK writes the URL-safe alphabet, padded or not."""
        return base64.urlsafe_b64decode(self.data + "=" * (-len(self.data) % 4))


class RealtimeInput(Message):
    """What comes in while the person speaks or types."""

    audio: Blob | None = None
    text: str | None = None
    activity_start: dict[str, Any] | None = None
    activity_end: dict[str, Any] | None = None


class FunctionResponse(Message):
    """What a function gave: `output` or `error` inside `response`."""

    id: str = ""
    name: str = ""
    response: dict[str, Any] = Field(default_factory=dict)


class ToolResponse(Message):
    """Answers to function calls."""

    function_responses: list[FunctionResponse] = []


class ClientMessage(Message):
    """One frame from the client: exactly one of these is there."""

    setup: Setup | None = None
    client_content: ClientContent | None = None
    realtime_input: RealtimeInput | None = None
    tool_response: ToolResponse | None = None
