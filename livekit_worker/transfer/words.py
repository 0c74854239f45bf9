"""Words of a transfer in the agent's voice."""

import asyncio
import logging

from agents_app import speech
from agents_app.config import AgentConfig
from agents_app.voices import espeak
from livekit_worker.orm import beside_database
from livekit_worker.plan import Line

logger = logging.getLogger(__name__)

# A voice that is slow must not keep anybody waiting for a person.
VOICE_SECONDS = 5.0


async def kept(text: str, config: AgentConfig) -> Line:
    """Words that are said to many: their audio is kept for the next time. Raises what
    a voice raises, and TimeoutError."""
    async with asyncio.timeout(VOICE_SECONDS):
        made = await beside_database(
            speech.make_line, text, voice=config.voice, language=config.language
        )
    return Line(made.text, bytes(made.pcm), made.sample_rate)


async def once(text: str, config: AgentConfig) -> Line:
    """Words that are said once; by the local voice where the agent's own fails."""
    how = {"voice": config.voice, "language": config.language}
    try:
        async with asyncio.timeout(VOICE_SECONDS):
            made = await asyncio.to_thread(speech.speak, text, **how)
    except Exception as error:  # noqa: BLE001  whatever it was, somebody waits
        logger.warning("the local voice speaks: %s", type(error).__name__)
        made = await asyncio.to_thread(espeak.speak, text, **how)
    return Line(text, made.pcm, made.sample_rate)
