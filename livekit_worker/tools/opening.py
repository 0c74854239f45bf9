"""Tools are opened beside the greeting, and closed when the call is over."""

import asyncio
import logging
from collections.abc import Sequence

from livekit_worker.tools.failures import path_of
from livekit_worker.tools.request import Request, Run
from tools_app.running.time_limit import seen, within
from tools_app.running.tool import LoadedTool, close

logger = logging.getLogger(__name__)

OPEN_SECONDS = 10.0


class Opening:
    """Opens every tool of a call at once; who needs one waits for that one alone, and
    has it opened again if that failed before."""

    def __init__(self, tools: Sequence[LoadedTool]) -> None:
        self._tools = tools
        self._openings: dict[int, asyncio.Task[None]] = {}

    def begin(self) -> None:
        """Begin to open them."""
        for tool in self._tools:
            self._begin(tool)

    async def opened(self, tool: LoadedTool) -> None:
        """Wait until it is open; raises what kept it from opening."""
        task = self._openings[tool.agent_tool_id]
        if task.done() and not task.cancelled() and task.exception():
            task = self._begin(tool)
        await asyncio.shield(task)

    async def aclose(self) -> None:
        """Close all; one that hangs or fails keeps nobody."""
        for task in self._openings.values():
            task.cancel()
        await asyncio.gather(*(_close(tool) for tool in self._tools))

    def _begin(self, tool: LoadedTool) -> asyncio.Task[None]:
        task = asyncio.create_task(_open(tool))
        task.add_done_callback(seen)
        self._openings[tool.agent_tool_id] = task
        return task


class Opened:
    """Lets a request through once its tool is open: what could not even begin must not
    be remembered as a side effect that failed."""

    def __init__(self, inner: Run, opening: Opening) -> None:
        self._inner = inner
        self._opening = opening

    async def __call__(self, request: Request) -> str:
        """Raises what keeps the tool from opening."""
        await self._opening.opened(request.tool)
        return await self._inner(request)


async def _open(tool: LoadedTool) -> None:
    try:
        await within(OPEN_SECONDS, tool.running.setup())
    except Exception as error:
        _log("could not be opened", tool, error)
        raise


async def _close(tool: LoadedTool) -> None:
    try:
        await close(tool.running)
    except Exception as error:  # noqa: BLE001  An author's code may raise anything.
        _log("could not be closed", tool, error)


def _log(what: str, tool: LoadedTool, error: Exception) -> None:
    """By kind and place: the text may quote a secret."""
    kind, path = type(error).__name__, path_of(error)
    logger.warning("the tool %s %s: %s at %s", tool.name, what, kind, path)
