"""Waiting for something to become true."""

import asyncio
from collections.abc import Callable


class Changes:
    """Wakes who waits for a condition, whenever something changed."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def tell(self) -> None:
        """Something changed: look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Whether the condition became true in time."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await self._changed.wait()
        except TimeoutError:
            return condition()
        return True
