"""The model's turns on one line: one at a time, each can be interrupted."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Sequence

from websockets.exceptions import ConnectionClosed

from livekit_worker.sandbox import server_messages
from livekit_worker.sandbox.client_messages import FunctionResponse
from livekit_worker.sandbox.conversation import Action, Call, Say
from livekit_worker.sandbox.line import Line
from livekit_worker.sandbox.pending_functions import PendingFunctions
from livekit_worker.sandbox.scenario import Reply
from livekit_worker.sandbox.server_messages import Json

logger = logging.getLogger(__name__)


class Turns:
    """Performs answers; `on_end` runs after each turn that was brought to its end."""

    def __init__(
        self,
        line: Line,
        *,
        prompt_tokens: Callable[[], int],
        on_end: Callable[[], Awaitable[None]],
    ) -> None:
        """Begin with nobody speaking."""
        self._line = line
        self._prompt_tokens = prompt_tokens
        self._on_end = on_end
        self._task: asyncio.Task[None] | None = None
        self._functions = PendingFunctions()

    @property
    def is_running(self) -> bool:
        """Whether an answer is being given, or waits for functions."""
        is_busy = self._task is not None and not self._task.done()
        return is_busy or bool(self._functions.ids)

    def results(self, responses: Sequence[FunctionResponse]) -> list[Json]:
        """The results to answer with: none before all that were asked for are there,
        nor of functions that were cancelled or have answered before."""
        return self._functions.take(responses)

    async def perform(self, actions: Sequence[Action]) -> None:
        """Say and call; an answer still being given is cut off."""
        await self._start(self._perform(actions))

    async def follow(self, reply: Reply) -> None:
        """Do what a script says; an answer still being given is cut off."""
        await self._start(self._follow(reply))

    async def barge_in(self) -> None:
        """Somebody speaks: cut off what is being said or done. An answer of which
        nothing was heard yet stays, for it may be noise."""
        if self._line.is_heard or self._functions.ids:
            await self.interrupt()

    async def interrupt(self) -> None:
        """Cut the answer off, if one is being given."""
        if self.is_running:
            await self.close()
            if cancelled := self._functions.cancel():
                message = server_messages.tool_call_cancellation(cancelled)
                await self._line.send(message)
            await self._line.interrupt(prompt_tokens=self._prompt_tokens())
            await self._on_end()

    async def close(self) -> None:
        """Stop without a word: the connection is gone."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _start(self, turn: Coroutine[None, None, None]) -> None:
        await self.interrupt()
        self._task = asyncio.create_task(turn)
        self._task.add_done_callback(_report)

    async def _perform(self, actions: Sequence[Action]) -> None:
        for action in actions:
            if isinstance(action, Say):
                await self._line.say(action.text)
        calls = [action for action in actions if isinstance(action, Call)]
        if calls:
            # The turn stays open until the functions have answered.
            asked = [_call(call) for call in calls]
            self._functions.ids |= {call["id"] for call in asked}
            await self._line.send(server_messages.tool_call(asked))
        elif actions:
            await self._line.finish(prompt_tokens=self._prompt_tokens())
            await self._on_end()

    async def _follow(self, reply: Reply) -> None:
        await asyncio.sleep(reply.delay)
        if reply.stall:
            await self._line.say(reply.say or "")
            await asyncio.Event().wait()
        says = [Say(reply.say)] if reply.say else []
        await self._perform([*says, *(Call(c.name, c.args) for c in reply.call)])
        if reply.go_away:
            await self._line.send(server_messages.GO_AWAY)
        if reply.close is not None:
            await self._line.drop(reply.close)


def _call(call: Call) -> Json:
    return {"id": secrets.token_hex(8), "name": call.name, "args": call.arguments}


def _report(task: asyncio.Task[None]) -> None:
    """Say in the log why a turn failed; a closed socket is no failure."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, ConnectionClosed):
        logger.error("The sandbox model could not answer.", exc_info=error)
