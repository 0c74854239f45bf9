"""Lines that the caller types instead of speaking."""

import asyncio
import logging
from collections.abc import AsyncIterable, Awaitable, Callable

from livekit import rtc

logger = logging.getLogger(__name__)

TOPIC = "lk.chat"
# As many as the Talk page takes; other clients send what they like.
MOST_CHARACTERS = 2_000


class TypedLines:
    """Takes every line that comes, from the job's first moment in the room.

    The library's own text input ignores a caller whom LiveKit has not told it of yet:
    one without a microphone is told of up to three seconds late (livekit-server's
    `subscriberUpdateInterval`).
    """

    def __init__(self, room: rtc.Room, take: Callable[[str], Awaitable[None]]) -> None:
        self._take = take
        self._reading: set[asyncio.Task[None]] = set()
        room.register_text_stream_handler(TOPIC, self._on_stream)

    def _on_stream(self, reader: rtc.TextStreamReader, _identity: str) -> None:
        task = asyncio.create_task(self._read(reader))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, reader: rtc.TextStreamReader) -> None:
        try:
            await self._take(await _whole(reader))
        except Exception:  # the call goes on without this line
            logger.exception("a typed line could not be taken")


async def _whole(reader: AsyncIterable[str]) -> str:
    """The line, cut with a mark where it is longer than anybody types."""
    line, length = "", 0
    async for chunk in reader:
        line += chunk[: MOST_CHARACTERS - len(line)]
        length += len(chunk)
    more = length - len(line)
    return f"{line} [cut here: {more:,} more characters]" if more else line
