"""An event loop in a thread, for tests that are synchronous."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
LONGEST_SECONDS = 120


class LoopThread:
    """Runs from the start until it is stopped; nothing on it outlives the tests."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work there and wait for it; what it gives, or raises."""
        doing = asyncio.run_coroutine_threadsafe(work, self.loop)
        return doing.result(LONGEST_SECONDS)

    def call_soon(self, what: Callable[..., object], *about: object) -> None:
        """Call it there, without waiting."""
        self.loop.call_soon_threadsafe(what, *about)

    def stop(self) -> None:
        """No work any more."""
        self.call_soon(self.loop.stop)
        self._thread.join()
        self.loop.close()
