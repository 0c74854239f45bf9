"""Waiting for an author's code no longer than it may take, whatever it does."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

LAST_SECONDS = 1.0


async def within(
    seconds: float, work: Awaitable[T], *, late: Exception | None = None
) -> T:
    """What the work gives. One that is late is told to stop, and left behind where it
    does not. Raises `late`, or TimeoutError, and what the work raises."""
    task = asyncio.ensure_future(work)
    task.add_done_callback(seen)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if task.done():
            return task.result()
    finally:
        task.cancel()
    raise late or TimeoutError


def run(work: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, which waits for ever for what does not stop."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        if left := asyncio.all_tasks(loop):
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left, timeout=LAST_SECONDS))
        loop.close()


def seen(work: "asyncio.Future[Any]") -> None:
    """Take note of a failure that nobody waits for any more."""
    if not work.cancelled():
        work.exception()
