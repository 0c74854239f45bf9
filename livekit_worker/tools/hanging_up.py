"""The agent hangs up: what it is saying is heard to its end, goodbye is said once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from livekit.agents import llm

from livekit_worker.tools.control import Control
from livekit_worker.tools.request import Request, Run
from tools_app.errors import ToolError

# Longer than anybody says goodbye.
GOODBYE_SECONDS = 30.0
GOES_ON = "The caller went on speaking, so the call goes on."


class Host(Protocol):
    """Whose call it is."""

    async def say_farewell(self) -> None:
        """Say the ready-made farewell to its end."""

    def hang_up(self) -> None:
        """End the call, without another word."""


class HangingUp:
    """Ends the call after a function that asked for it, unless the caller goes on."""

    def __init__(
        self,
        inner: Run,
        control: Control,
        host: Host,
        take_back: Callable[[Request, ToolError], None],
        over: asyncio.Future[None],
    ) -> None:
        self._inner = inner
        self._control = control
        self._host = host
        self._take_back = take_back
        self._over = over

    async def __call__(self, request: Request) -> str:
        """Raises `ToolError` when the caller spoke over the goodbye."""
        text = await self._inner(request)
        if self._control.takes_wish_to_hang_up():
            await self._part(request)
        return text

    async def _part(self, request: Request) -> None:
        """The model's answer to the function would be a second goodbye: it gets none
        before the call is over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(request.context.wait_for_playout(), GOODBYE_SECONDS)
        if request.context.speech_handle.interrupted:
            error = ToolError(GOES_ON, may_retry=True)
            self._take_back(request, error)
            raise error
        if not has_spoken(request):
            await self._host.say_farewell()
        self._host.hang_up()
        await asyncio.shield(self._over)


def has_spoken(request: Request) -> bool:
    """Whether the agent said something in the turn in which it asked to hang up: that
    was its goodbye."""
    said = request.context.speech_handle.chat_items
    return any(isinstance(i, llm.ChatMessage) and i.text_content for i in said)
