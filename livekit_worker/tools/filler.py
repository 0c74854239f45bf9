"""A sentence for the caller while a function takes its time."""

import asyncio
from collections.abc import Callable
from typing import Any

from livekit.agents.voice import SpeechHandle

from livekit_worker.tools.request import Request, Run
from tools_app.running.time_limit import seen

# Together a second and a half.
AFTER_SECONDS = 1.2
QUIET_SECONDS = 0.3

Say = Callable[[], SpeechHandle | None]
"""Begin to say the sentence, when it is ready and not being said."""


class Filler:
    """Has it said once, as soon as nobody has spoken for a while; not any more once
    the call is over."""

    def __init__(self, inner: Run, say: Say, over: asyncio.Future[None]) -> None:
        self._inner = inner
        self._say = say
        self._over = over

    async def __call__(self, request: Request) -> str:
        """Pass on what it gave; an answer waits until the sentence is over."""
        work = asyncio.ensure_future(self._inner(request))
        work.add_done_callback(seen)
        try:
            await asyncio.wait({work}, timeout=AFTER_SECONDS)
            return work.result() if work.done() else await self._filled(request, work)
        finally:
            work.cancel()

    async def _filled(self, request: Request, work: asyncio.Future[str]) -> str:
        context = request.context
        either: set[asyncio.Future[Any]] = {work, self._over}
        async with context.with_filler(lambda _: self._say(), delay=QUIET_SECONDS):
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return await work
