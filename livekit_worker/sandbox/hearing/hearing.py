"""The caller's sound, made into words."""

import asyncio
from collections.abc import Awaitable, Callable

from livekit_worker.sandbox.conversation import Conversation
from livekit_worker.sandbox.hearing.ear import understand
from livekit_worker.sandbox.hearing.endpointing import (
    END_SILENCE_SECONDS,
    Endpointer,
    SpeechStarted,
    Utterance,
)


class Hearing:
    """Listens to one caller; tells when speech begins and what was said.

    `on_words` gets None for speech that fits no phrase.
    """

    def __init__(
        self,
        conversation: Conversation,
        *,
        on_speech: Callable[[], Awaitable[None]],
        on_words: Callable[[str | None], Awaitable[None]],
    ) -> None:
        """Begin in silence."""
        self._conversation = conversation
        self._on_speech = on_speech
        self._on_words = on_words
        self._endpointer = Endpointer()
        self._stalled: asyncio.TimerHandle | None = None
        self._finishing: asyncio.Task[None] | None = None

    async def feed(self, pcm: bytes) -> None:
        """More sound, 16 kHz mono."""
        for event in self._endpointer.feed(pcm):
            if isinstance(event, SpeechStarted):
                await self._on_speech()
            else:
                await self._understand(event)
        self._watch_for_stall()

    async def finish(self) -> None:
        """Take what was said so far as a whole utterance."""
        utterance = self._endpointer.finish()
        if utterance is not None:
            await self._understand(utterance)

    def close(self) -> None:
        """Stop listening."""
        if self._stalled is not None:
            self._stalled.cancel()

    def _watch_for_stall(self) -> None:
        """A muted microphone sends nothing: silence that no frame will show."""
        self.close()
        if self._endpointer.is_speech:
            loop = asyncio.get_running_loop()
            self._stalled = loop.call_later(END_SILENCE_SECONDS, self._end_stalled)

    def _end_stalled(self) -> None:
        self._finishing = asyncio.create_task(self.finish())

    async def _understand(self, utterance: Utterance) -> None:
        text = await understand(
            utterance.pcm,
            functions=self._conversation.functions,
            is_asking=self._conversation.is_asking,
        )
        await self._on_words(text)
