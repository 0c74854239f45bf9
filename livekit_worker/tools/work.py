"""The innermost: the function itself."""

from livekit_worker.tools.answer import answer
from livekit_worker.tools.ledger import Ledger
from livekit_worker.tools.request import Request


class Work:
    """Runs a function of a tool that is open."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def __call__(self, request: Request) -> str:
        """What it gave, as the model takes it; raises what its author let through."""
        if not request.spec.is_side_effect:
            return await self._run(request)
        await self._ledger.stored(request)
        text = await self._run(request)
        self._ledger.gave_late(request, text)
        return text

    async def _run(self, request: Request) -> str:
        tool, name = request.tool, request.spec.name
        result = await tool.running.call(name, request.arguments, request.context)
        return answer(result, tool.redact)
