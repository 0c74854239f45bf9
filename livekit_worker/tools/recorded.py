"""The layer around all others: whatever comes of a request, it is written down."""

import asyncio
import logging

from livekit_worker.tools.failures import path_of
from livekit_worker.tools.ledger import Ledger
from livekit_worker.tools.request import Request, Run
from tools_app.errors import ToolError

logger = logging.getLogger(__name__)


class Recorded:
    """Writes each request into the ledger, and what nobody foresaw into the log."""

    def __init__(self, inner: Run, ledger: Ledger) -> None:
        self._inner = inner
        self._ledger = ledger

    async def __call__(self, request: Request) -> str:
        """Pass on what it gave, or raised."""
        self._ledger.began(request)
        try:
            text = await self._inner(request)
        except asyncio.CancelledError:
            self._ledger.failed(request, ToolError("The call ended before this did."))
            raise
        except Exception as error:
            self._ledger.failed(request, error)
            if not isinstance(error, ToolError):
                function = f"{request.tool.name}.{request.spec.name}"
                kind, path = type(error).__name__, path_of(error)
                logger.error("the tool %s broke: %s at %s", function, kind, path)
            raise
        self._ledger.gave(request, text)
        return text
