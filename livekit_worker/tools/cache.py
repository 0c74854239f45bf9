"""Answers that hold for the rest of the call are asked for once."""

from livekit_worker.tools.request import Asked, Request, Run


class Cache:
    """Remembers what a `cacheable` function gave for the same arguments."""

    def __init__(self, inner: Run) -> None:
        self._inner = inner
        self._answers: dict[tuple[Asked, str], str] = {}

    async def __call__(self, request: Request) -> str:
        """What it gave before, else what it gives now; failures are not kept."""
        if not request.spec.is_cacheable or request.spec.is_side_effect:
            return await self._inner(request)
        key = request.asked, request.fingerprint
        if key in self._answers:
            request.was_repeated = True
        else:
            self._answers[key] = await self._inner(request)
        return self._answers[key]
