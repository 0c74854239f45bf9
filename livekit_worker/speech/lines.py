"""The agent's ready-made lines, said through its session or, without one, alone."""

from typing import Any

from livekit import rtc
from livekit.agents import AgentSession
from livekit.agents.voice import SpeechHandle

from agents_app.config import LineName
from livekit_worker.plan import Line
from livekit_worker.speech import audio as voice
from livekit_worker.speech.gate import Gate
from livekit_worker.transcript import Transcript


class SpokenLines:
    """Says lines from their audio, and so without a model when that is gone."""

    def __init__(
        self,
        room: rtc.Room,
        lines: dict[LineName, Line],
        transcript: Transcript,
        gate: Gate,
    ) -> None:
        self._room = room
        self._lines = lines
        self._transcript = transcript
        self._gate = gate
        self._session: AgentSession[Any] | None = None
        self._speech: SpeechHandle | None = None
        self._filler: SpeechHandle | None = None

    def follow(self, session: AgentSession[Any]) -> None:
        """Speak through the session; before that nothing is said but alone."""
        self._session = session

    async def say(self, name: LineName) -> None:
        """Say a line to its end; the model says it only when there is no audio.

        What the caller says meanwhile the model hears afterwards.
        """
        await self.say_words(self._lines[name])

    async def say_words(self, line: Line) -> None:
        """The same with a line that is none of the agent's own."""
        if self._session:
            with self._gate.closed():
                self._speech = self._begin(self._session, line)
                await self._speech.wait_for_playout()

    def _begin(self, session: AgentSession[Any], line: Line) -> SpeechHandle:
        if line.pcm:
            return session.say(line.text, audio=voice.frames(line))
        return session.generate_reply(
            instructions=f'Say exactly this, nothing else: "{line.text}"'
        )

    def begin_filler(self) -> SpeechHandle | None:
        """Begin to say the filler from its audio; the caller may speak over it. None
        when it is not ready, or being said."""
        line = self._lines["filler"]
        is_being_said = self._filler and not self._filler.done()
        if not (self._session and line.pcm) or is_being_said:
            return None
        self._filler = self._begin(self._session, line)
        return self._filler

    async def said(self) -> None:
        """Wait until the line that is being said is over."""
        if self._speech:
            await self._speech.wait_for_playout()

    async def say_alone(self, name: LineName) -> None:
        """Say a line on a track of its own, when there is no session that could."""
        line = self._lines[name]
        self._transcript.said_alone(line.text)
        await voice.play_alone(self._room, line)
