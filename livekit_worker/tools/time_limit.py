"""How long a function may take: the agent is mute while its model waits."""

from livekit_worker.tools.failures import TimedOut
from livekit_worker.tools.request import Request, Run
from tools_app.running.time_limit import within

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
        seconds = request.tool.timeout_seconds
        words = UNSURE if request.spec.is_side_effect else WORDS
        late = TimedOut(words, detail=f"It took longer than {seconds:g} seconds.")
        return await within(seconds, self._inner(request), late=late)
