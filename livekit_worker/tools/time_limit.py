"""How long a function may take: the agent is mute while its model waits."""

import asyncio
from typing import Any

from livekit_worker.tools.failures import TimedOut
from livekit_worker.tools.request import Request, Run

WORDS = "This takes too long at the moment. Please try again a little later."
UNSURE = (
    "This takes longer than usual, so it is not certain yet that it went through. "
    "Asking for exactly the same again tells."
)


class TimeLimit:
    """Waits for as long as the tool may take, also for one that will not be stopped."""

    def __init__(self, inner: Run) -> None:
        self._inner = inner

    async def __call__(self, request: Request) -> str:
        """Raises `TimedOut`."""
        work = asyncio.ensure_future(self._inner(request))
        work.add_done_callback(seen)
        seconds = request.tool.timeout_seconds
        try:
            await asyncio.wait({work}, timeout=seconds)
            if work.done():
                return work.result()
        finally:
            work.cancel()
        words = UNSURE if request.spec.is_side_effect else WORDS
        raise TimedOut(words, detail=f"It took longer than {seconds:g} seconds.")


def seen(work: "asyncio.Future[Any]") -> None:
    """Take note of a failure that nobody waits for any more."""
    if not work.cancelled():
        work.exception()
