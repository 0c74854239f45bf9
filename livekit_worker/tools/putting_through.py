"""The agent puts the caller through: once what it says was heard, and said if it was
not."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from livekit_worker.tools.control import Control
from livekit_worker.tools.hanging_up import GOODBYE_SECONDS, has_spoken
from livekit_worker.tools.request import Request, Run
from livekit_worker.transfer.wish import Wish
from tools_app.errors import ToolError
from tools_app.running.time_limit import seen


class Host(Protocol):
    """Whose call it is."""

    async def put_through(self, wish: Wish, *, was_announced: bool) -> None:
        """Returns when the person has the caller. Raises `ToolError` when the caller is
        with the agent still, or again."""


class PuttingThrough:
    """Puts the caller through after a function that asked for it. The model gets no
    answer before the caller is back, so it says nothing meanwhile. A job that dies on
    the way has put nobody through: the next one may be asked for the same."""

    def __init__(
        self,
        inner: Run,
        control: Control,
        host: Host,
        take_back: Callable[[Request, ToolError], None],
        may_be_repeated: Callable[[Request], None],
        over: asyncio.Future[None],
    ) -> None:
        self._inner = inner
        self._control = control
        self._host = host
        self._take_back = take_back
        self._may_be_repeated = may_be_repeated
        self._over = over

    async def __call__(self, request: Request) -> str:
        """Raises `ToolError` when nobody took the caller."""
        text = await self._inner(request)
        if wish := self._control.takes_wish_to_transfer():
            self._may_be_repeated(request)
            await self._put_through(request, wish)
        return text

    async def _put_through(self, request: Request, wish: Wish) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(request.context.wait_for_playout(), GOODBYE_SECONDS)
        trying = asyncio.ensure_future(
            self._host.put_through(wish, was_announced=has_spoken(request))
        )
        trying.add_done_callback(seen)
        try:
            await self._until_known(trying)
        except ToolError as error:
            self._take_back(request, error)
            raise
        await asyncio.shield(self._over)

    async def _until_known(self, trying: asyncio.Future[None]) -> None:
        """Wait for how it went; nobody does once the call is over."""
        either: set[asyncio.Future[Any]] = {trying, self._over}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if trying.done():
            return trying.result()
        trying.cancel()
        return None
