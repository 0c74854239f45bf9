"""The model's side of one socket: what it sends, and when its speech is over."""

import asyncio
import json
import time
from dataclasses import dataclass

from websockets.asyncio.server import ServerConnection

from livekit_worker.sandbox import server_messages
from livekit_worker.sandbox.mouth import CHUNK_SECONDS, chunks, sentences
from livekit_worker.sandbox.server_messages import Json

_FASTER = 4.0
_TOKENS_PER_SECOND = 25
_ABNORMAL = 1006


@dataclass
class Line:
    """Speaks over a socket in one voice.

    Sound is sent four times faster than it plays, and a turn ends when it has been
    played, as Gemini does; `in_real_time` false drops both waits.
    """

    socket: ServerConnection
    voice: str
    language: str
    in_real_time: bool = True
    _plays_until: float = 0.0
    _spoken_seconds: float = 0.0

    @property
    def is_heard(self) -> bool:
        """Whether something of this turn was spoken."""
        return self._spoken_seconds > 0

    async def send(self, message: Json) -> None:
        """One message, as Google sends it: JSON in a binary frame."""
        await self.socket.send(json.dumps(message).encode())

    async def say(self, text: str) -> None:
        """Speak, sentence by sentence, each with its words."""
        spoken = sentences(text, voice=self.voice, language=self.language)
        async for sentence, speech in spoken:
            await self.send(server_messages.spoken_text(f"{sentence} "))
            self._reckon(speech.seconds)
            for chunk in chunks(speech):
                rate = speech.sample_rate
                await self.send(server_messages.audio(chunk, sample_rate=rate))
                await self._wait(CHUNK_SECONDS / _FASTER)

    async def finish(self, *, prompt_tokens: int) -> None:
        """End the turn once what was sent has been played."""
        await self.send(server_messages.GENERATION_COMPLETE)
        await self._wait(self._plays_until - time.monotonic())
        await self._end_turn(prompt_tokens)

    async def interrupt(self, *, prompt_tokens: int) -> None:
        """End the turn now: the caller speaks."""
        await self.send(server_messages.INTERRUPTED)
        await self._end_turn(prompt_tokens)

    async def drop(self, code: int) -> None:
        """Close the socket with `code`; 1006 cuts it without a word."""
        if code == _ABNORMAL:
            self.socket.transport.abort()
        else:
            await self.socket.close(code, "closed by the scenario")

    def _reckon(self, seconds: float) -> None:
        self._spoken_seconds += seconds
        self._plays_until = max(self._plays_until, time.monotonic()) + seconds

    async def _wait(self, seconds: float) -> None:
        if self.in_real_time and seconds > 0:
            await asyncio.sleep(seconds)

    async def _end_turn(self, prompt_tokens: int) -> None:
        spoken = round(self._spoken_seconds * _TOKENS_PER_SECOND)
        self._spoken_seconds, self._plays_until = 0.0, 0.0
        await self.send(
            server_messages.turn_complete(
                prompt_tokens=prompt_tokens, spoken_tokens=spoken
            )
        )
