"""Speech sentence by sentence, made in a thread and kept for the next time."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from agents_app.voices import Speech
from agents_app.voices.espeak import speak

CHUNK_SECONDS = 0.08
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")
_CACHED_SENTENCES = 256
# espeak-ng speaks for one at a time, so a second thread would only wait.
_throat = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-mouth")


@lru_cache(maxsize=_CACHED_SENTENCES)
def _said(text: str, voice: str, language: str) -> Speech:
    return speak(text, voice=voice, language=language)


async def sentences(
    text: str, *, voice: str, language: str
) -> AsyncIterator[tuple[str, Speech]]:
    """Each sentence of `text` with its sound, as soon as it is made."""
    loop = asyncio.get_running_loop()
    for sentence in _SENTENCE_END.split(text.strip()):
        if sentence:
            yield (
                sentence,
                await loop.run_in_executor(_throat, _said, sentence, voice, language),
            )


def chunks(speech: Speech) -> Iterator[bytes]:
    """The sound in pieces of 80 ms."""
    size = 2 * int(CHUNK_SECONDS * speech.sample_rate)
    for at in range(0, len(speech.pcm), size):
        yield speech.pcm[at : at + size]
