"""Arguments as the function takes them, or words that let the model do better."""

from livekit_worker.tools.failures import Invalid
from livekit_worker.tools.request import Request, Run, fingerprint
from tools_app.errors import ToolError
from tools_app.running.broken import BrokenTool


class Validation:
    """Lets nothing pass that the function does not take."""

    def __init__(self, inner: Run) -> None:
        self._inner = inner

    async def __call__(self, request: Request) -> str:
        """Raises `Invalid`, which names the field."""
        running, name = request.tool.running, request.spec.name
        try:
            request.arguments = running.validated(name, request.arguments)
        except ToolError as error:
            if isinstance(running, BrokenTool):
                raise
            raise Invalid(error.words, detail=error.detail) from None
        request.fingerprint = fingerprint(request.arguments)
        return await self._inner(request)
