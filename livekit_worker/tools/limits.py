"""How often a tool may be used: a model in a loop must not spend without end."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping

from livekit_worker.tools.failures import Refused
from livekit_worker.tools.request import Request, Run

MINUTE_SECONDS = 60.0


class Limits:
    """Counts the requests of each tool; `used` are those before this job."""

    def __init__(self, inner: Run, used: Mapping[int, int]) -> None:
        self._inner = inner
        self._used = Counter(used)
        self._recent: dict[int, deque[float]] = defaultdict(deque)

    async def __call__(self, request: Request) -> str:
        """Raises `Refused` beyond a limit."""
        tool, now = request.tool, time.monotonic()
        recent = self._recent[tool.agent_tool_id]
        while recent and recent[0] <= now - MINUTE_SECONDS:
            recent.popleft()
        if self._used[tool.agent_tool_id] >= tool.max_per_call:
            raise Refused("This was used as often as one call allows.")
        if len(recent) >= tool.max_per_minute:
            raise Refused("This was used very often just now. Wait for a minute.")
        self._used[tool.agent_tool_id] += 1
        recent.append(now)
        return await self._inner(request)

    def forget(self, request: Request) -> None:
        """It came to nothing after all; it still counts for its minute."""
        self._used[request.tool.agent_tool_id] -= 1
