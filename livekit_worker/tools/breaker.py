"""A tool that keeps failing is left alone for a while, and the caller not kept waiting.

https://martinfowler.com/bliki/CircuitBreaker.html
"""

from collections import defaultdict

from circuitbreaker import CircuitBreaker

from livekit_worker.tools.failures import Refused, TimedOut
from livekit_worker.tools.request import Request, Run
from tools_app.errors import ToolError

FAILURES = 3
REST_SECONDS = 30


class Breaker:
    """One per tool and call, for a job process holds one call."""

    def __init__(self, inner: Run) -> None:
        self._inner = inner
        self._circuits: dict[int, CircuitBreaker] = defaultdict(_circuit)

    async def __call__(self, request: Request) -> str:
        """Raises `Refused` while the tool rests."""
        circuit = self._circuits[request.tool.agent_tool_id]
        if circuit.opened:
            raise Refused(
                "This does not work at the moment. Try again in half a minute.",
                detail=f"It failed {circuit.failure_count} times in a row.",
            )
        with circuit:
            return await self._inner(request)


def _circuit() -> CircuitBreaker:
    return CircuitBreaker(FAILURES, REST_SECONDS, is_trouble)


def is_trouble(kind: type[BaseException], error: BaseException) -> bool:
    """Whether a failure speaks against the tool: it took too long, what it works with
    is out of order for now, or it broke. A slot that is taken does not."""
    if isinstance(error, ToolError):
        return isinstance(error, TimedOut) or error.may_retry
    return issubclass(kind, Exception)
