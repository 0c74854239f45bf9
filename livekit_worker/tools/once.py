"""A side effect happens once for the same request, however often the model asks."""

import asyncio
from collections.abc import Iterable

from livekit_worker.tools.failures import Refused
from livekit_worker.tools.past import PastRequest
from livekit_worker.tools.request import Asked, Request, Run
from tools_app.errors import ToolError
from tools_app.running.time_limit import seen

Key = tuple[Asked, str]
LOST = (
    "This was begun before the call was cut off, and nobody knows whether it went "
    "through. It must not be tried again: say so, and that somebody will look into it."
)


class Once:
    """Remembers what each request for a side effect came to, for the whole call.

    Who asks for the same meanwhile waits for the first run, and one that was begun goes
    on to its end, whoever stops waiting. A failure is kept as well, because nobody
    knows how far it came, unless the tool says that it may be tried again. Only another
    side effect of the same tool can undo one. So a success makes the runs of the tool's
    other functions new again, and those of its own that had succeeded before it began:
    an appointment is moved to ten, to eleven, and back to ten. What is asked for at
    once undoes nothing, and what is only presumed to be a side effect nothing of other
    functions: it may be a look-up.
    """

    def __init__(
        self,
        inner: Run,
        side_effects: frozenset[Asked],
        past: Iterable[PastRequest],
        presumed: frozenset[Asked] = frozenset(),
    ) -> None:
        self._inner = inner
        self._side_effects = side_effects
        self._presumed = presumed
        self._runs: dict[Key, asyncio.Future[str]] = {}
        for request in past:
            self._recall(request)

    async def __call__(self, request: Request) -> str:
        """What the first run gave, or raised."""
        if not request.spec.is_side_effect:
            return await self._inner(request)
        run = self._runs.get(_key(request))
        if run is None or _may_go_again(run):
            run = self._begin(request)
        else:
            request.was_repeated = True
        return await asyncio.shield(run)

    @property
    def going(self) -> list[asyncio.Future[str]]:
        """What was begun and has not come to its end."""
        return [run for run in self._runs.values() if not run.done()]

    def forget(self, request: Request) -> None:
        """It came to nothing after all: the next request runs again."""
        self._runs.pop(_key(request), None)

    def _begin(self, request: Request) -> asyncio.Future[str]:
        run = asyncio.ensure_future(self._run(request, self._done(request.asked)))
        run.add_done_callback(seen)
        self._runs[_key(request)] = run
        return run

    async def _run(self, request: Request, before: list[Key]) -> str:
        text = await self._inner(request)
        self._renew_others(request.asked)
        for key in before:
            self._runs.pop(key, None)
        return text

    def _done(self, asked: Asked) -> list[Key]:
        """What of one function has succeeded so far."""
        return [k for k, run in self._runs.items() if k[0] == asked and _succeeded(run)]

    def _renew_others(self, asked: Asked) -> None:
        """Forget the runs of the tool's other functions, but not one that is going."""
        if asked in self._presumed:
            return
        tool, function = asked
        for key, run in list(self._runs.items()):
            (its_tool, its_function), _ = key
            if its_tool == tool and its_function != function and run.done():
                del self._runs[key]

    def _recall(self, past: PastRequest) -> None:
        """Know a request of an earlier job; without a result nobody knows how far it
        came."""
        known = past.asked in self._side_effects and past.fingerprint and past.began
        if not known:
            return
        run: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        run.add_done_callback(seen)
        if past.result:
            run.set_result(past.result)
            self._renew_others(past.asked)
        else:
            run.set_exception(Refused(LOST))
        self._runs[past.asked, past.fingerprint] = run


def _key(request: Request) -> Key:
    return request.asked, request.fingerprint


def _succeeded(run: asyncio.Future[str]) -> bool:
    return run.done() and not run.cancelled() and run.exception() is None


def _may_go_again(run: asyncio.Future[str]) -> bool:
    error = None if not run.done() or run.cancelled() else run.exception()
    return run.cancelled() or (isinstance(error, ToolError) and error.may_retry)
