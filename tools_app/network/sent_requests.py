"""The HTTP requests that a tool sends, for whoever tries it out."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import httpx2

MOST_BODY = 2_000
NOT_SHOWN = {"host", "accept", "accept-encoding", "connection", "content-length"}


@dataclass
class SentRequest:
    """One request as it went out, with its secrets: redact before showing."""

    line: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: str = field(repr=False)
    status: int | None = None

    @classmethod
    def of(cls, request: httpx2.Request) -> "SentRequest":
        """A copy; of a streamed body there is nothing to copy."""
        headers = {k: v for k, v in request.headers.items() if k not in NOT_SHOWN}
        try:
            body = request.content[:MOST_BODY].decode(errors="replace")
        except httpx2.RequestNotRead:
            body = ""
        return cls(f"{request.method} {request.url}", headers, body)


_watcher: ContextVar[list[SentRequest] | None] = ContextVar("watcher", default=None)


@contextmanager
def watching() -> Iterator[list[SentRequest]]:
    """The requests sent while it lasts, in this task and those it begins."""
    seen: list[SentRequest] = []
    token = _watcher.set(seen)
    try:
        yield seen
    finally:
        _watcher.reset(token)


def note(request: httpx2.Request) -> SentRequest | None:
    """Let the watcher know, if there is one."""
    seen = _watcher.get()
    if seen is None:
        return None
    seen.append(sent := SentRequest.of(request))
    return sent
