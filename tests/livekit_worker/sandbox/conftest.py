"""A salon's agent, the sandbox model on a free port, and a caller without a room."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from google.genai import types
from livekit import rtc
from livekit.agents import (
    Agent,
    AgentSession,
    ConversationItemAddedEvent,
    RunContext,
    function_tool,
)
from livekit.agents.llm import ChatMessage, RealtimeModelError
from livekit.agents.voice import io
from livekit.agents.voice.run_result import RunResult
from livekit.plugins.google.realtime import RealtimeModel

from agents_app.voices.espeak import speak
from livekit_worker.sandbox.certificate import CA_FILE, make_tls
from livekit_worker.sandbox.conversation import Conversation
from livekit_worker.sandbox.function import Function
from livekit_worker.sandbox.server import Sandbox

SATURDAY = date(2026, 11, 21)
INSTRUCTIONS = """You are Ada, the receptionist of Salon Blue.
# Facts
- We are open Monday to Friday, 9 to 17.
- Parking is behind the house."""
BOOK = Function(
    "book_appointment",
    "Book an appointment.",
    {
        "type": "OBJECT",
        "properties": {
            "day": {"type": "STRING"},
            "time": {"type": "STRING"},
            "service": {"type": "STRING", "enum": ["haircut", "coloring"]},
            "notes": {"type": "STRING", "nullable": True},
        },
        "required": ["day", "time", "service"],
    },
)
CANCEL = Function(
    "cancel_appointment",
    "Cancel an appointment.",
    {"properties": {"number": {"type": "INTEGER"}}, "required": ["number"]},
)
WEATHER = Function(
    "get_weather",
    "Tell the weather.",
    {"properties": {"city": {"type": "string"}}, "required": ["city"]},
)


@pytest.fixture
def conversation() -> Conversation:
    """The salon's agent on a Saturday."""
    functions = (BOOK, CANCEL, WEATHER)
    return Conversation(INSTRUCTIONS, functions, today=lambda: SATURDAY)


class Speaker(io.AudioOutput):
    """Plays sound by counting it: in no time, or for as long as it lasts."""

    def __init__(self, *, plays_slowly: bool) -> None:
        capabilities = io.AudioOutputCapabilities(pause=False)
        super().__init__(label="speaker", capabilities=capabilities, sample_rate=24_000)
        self.seconds = 0.0
        self.began = asyncio.Event()
        self.was_interrupted = False
        self._segment = 0.0
        self._plays_slowly = plays_slowly
        self._ending: asyncio.TimerHandle | None = None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        if not self._segment:
            self.on_playback_started(created_at=time.time())
            self.began.set()
        self._segment += frame.duration
        self.seconds += frame.duration

    def flush(self) -> None:
        super().flush()
        wait = self._segment if self._plays_slowly else 0
        loop = asyncio.get_running_loop()
        self._ending = loop.call_later(wait, lambda: self._end(interrupted=False))

    def clear_buffer(self) -> None:
        if self._segment:
            self.was_interrupted = True
            self._end(interrupted=True)

    def _end(self, *, interrupted: bool) -> None:
        if self._ending:
            self._ending.cancel()
        if self._segment:
            played, self._segment = self._segment, 0.0
            self.on_playback_finished(playback_position=played, interrupted=interrupted)


class Microphone(io.AudioInput):
    """Hands on what the caller says, then silence, as fast as it is taken."""

    def __init__(self) -> None:
        super().__init__(label="microphone")
        self._frames: asyncio.Queue[rtc.AudioFrame] = asyncio.Queue()

    def say(self, text: str) -> None:
        """Say `text` with half a second of silence before and a whole one after."""
        silence = bytes(24_000)
        pcm = silence + speak(text).pcm + silence * 2
        for at in range(0, len(pcm) - 2_400, 2_400):
            frame = rtc.AudioFrame(pcm[at : at + 2_400], 24_000, 1, 1_200)
            self._frames.put_nowait(frame)

    async def __anext__(self) -> rtc.AudioFrame:
        return await self._frames.get()


@function_tool
async def book_appointment(context: RunContext[None], day: str, time: str) -> str:
    """Book an appointment."""
    return f"Booked for {day} at {time}."


class Caller:
    """Somebody who talks with an agent over the real plugin."""

    def __init__(self, model: RealtimeModel, *, plays_slowly: bool) -> None:
        # Barge-in shall work from the first word on.
        self.session: AgentSession[None] = AgentSession(
            llm=model, aec_warmup_duration=None
        )
        self.speaker = Speaker(plays_slowly=plays_slowly)
        self.microphone = Microphone()
        self.failures: asyncio.Queue[RealtimeModelError] = asyncio.Queue()
        self._said: asyncio.Queue[str] = asyncio.Queue()
        self.session.output.audio = self.speaker
        self.session.input.audio = self.microphone
        self.session.on("error", lambda event: self.failures.put_nowait(event.error))
        self.session.on("conversation_item_added", self._listen)

    async def type(self, text: str) -> str:
        """Type words; what the agent answered."""
        run: RunResult[None] = self.session.run(user_input=text)
        result = await asyncio.wait_for(run, 10)
        said = [getattr(event.item, "text_content", None) for event in result.events]
        return " ".join(words for words in said if words).strip()

    async def hears(self, words: str) -> None:
        """Wait until the agent has said `words`."""
        async with asyncio.timeout(10):
            while words not in await self._said.get():
                pass

    async def failure(self) -> RealtimeModelError:
        """The next error of the model."""
        return await asyncio.wait_for(self.failures.get(), 10)

    def transcript(self, role: str) -> str:
        """All that `role` said."""
        said = [m for m in self.session.history.messages() if m.role == role]
        return " ".join((message.text_content or "").strip() for message in said)

    def _listen(self, event: ConversationItemAddedEvent) -> None:
        if isinstance(event.item, ChatMessage) and event.item.role == "assistant":
            self._said.put_nowait(event.item.text_content or "")


@dataclass
class Line:
    """Where callers are connected to the sandbox model."""

    tls: ssl.SSLContext
    port: int
    callers: list[Caller] = field(default_factory=list)

    async def call(
        self,
        *,
        instructions: str = INSTRUCTIONS,
        key: str = "sandbox",
        plays_slowly: bool = False,
    ) -> Caller:
        """Begin a conversation with an agent of these instructions."""
        options = types.HttpOptions(
            base_url=f"https://127.0.0.1:{self.port}",
            client_args={"verify": self.tls},
            async_client_args={"ssl": self.tls, "verify": self.tls},
        )
        model = RealtimeModel(api_key=key, http_options=options)
        caller = Caller(model, plays_slowly=plays_slowly)
        agent = Agent(instructions=instructions, tools=[book_appointment])
        await caller.session.start(agent, record=False)
        self.callers.append(caller)
        return caller


@pytest_asyncio.fixture(params=[False])
async def line(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    """The sandbox model on a free port; hangs up whoever still talks at the end."""
    tls = make_tls(tmp_path, host="127.0.0.1")
    sandbox = Sandbox(in_real_time=request.param)
    async with await sandbox.listen(host="127.0.0.1", port=0, tls=tls) as server:
        trust = ssl.create_default_context(cafile=str(tmp_path / CA_FILE))
        line = Line(trust, server.sockets[0].getsockname()[1])
        yield line
        for caller in line.callers:
            await caller.session.aclose()
