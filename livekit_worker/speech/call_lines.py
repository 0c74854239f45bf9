"""Lines that hold what is said in one call alone: spoken while the telephone rings."""

import asyncio
import logging
from dataclasses import replace

from agents_app import speech
from agents_app.config import LineName
from livekit_worker.plan import CallPlan

logger = logging.getLogger(__name__)


class CallLines:
    """Makes the audio that the plan's lines still lack, the greeting first.

    It is kept for this call alone: nobody else is greeted by this name.
    """

    def __init__(self, plan: CallPlan) -> None:
        self._plan = plan
        self._greeting = asyncio.Event()
        self._making = asyncio.create_task(self._make(), name="call_lines")

    async def greeting_is_ready(self, *, seconds: float) -> None:
        """Wait for it, but no longer than that: the model can say it too."""
        with_patience = asyncio.wait_for(self._greeting.wait(), seconds)
        await asyncio.gather(with_patience, return_exceptions=True)

    def stop(self) -> None:
        """Make no more."""
        self._making.cancel()

    async def _make(self) -> None:
        names = sorted(self._plan.lines, key=lambda name: name != "greeting")
        try:
            for name in names:
                await self._make_one(name)
                self._greeting.set()
        except Exception:  # a voice that is away must not keep anybody from speaking
            logger.exception("a line of this call could not be made ahead")
        finally:
            self._greeting.set()

    async def _make_one(self, name: LineName) -> None:
        line, config = self._plan.lines[name], self._plan.config
        if not line.pcm:
            made = await asyncio.to_thread(
                speech.speak, line.text, voice=config.voice, language=config.language
            )
            self._plan.lines[name] = replace(
                line, pcm=made.pcm, sample_rate=made.sample_rate
            )
