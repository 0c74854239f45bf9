"""One session with an MCP server, from the handshake to the goodbye."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from contextvars import ContextVar
from typing import Any, TypeVar

import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CONNECTION_CLOSED, Implementation

from tools_app.errors import ToolError
from tools_app.http import open_client
from tools_app.http_failures import (
    BROKEN,
    NOT_ACCEPTED,
    UNAVAILABLE,
    HttpFailure,
    of_error,
    of_status,
    origin,
)

T = TypeVar("T")
Refusals = list[HttpFailure]
Question = Callable[[Client], Awaitable[T]]
US = Implementation(name="voice-agent-platform", version="1")
SESSION = "mcp-session-id"
# Statuses that no answer in MCP comes with; others may carry one.
REFUSALS = {401, 403, 407, 429}
# How the library begins its words for events that it does not read on.
UNREADABLE = "SSE stream failed"
GOODBYE_SECONDS = 2.0

# Of the question that a request is sent for: the library passes it on to its own tasks.
_refusals: ContextVar[Refusals | None] = ContextVar("refusals", default=None)


class McpSession:
    """Begins to connect at once; a task of its own holds what must be closed where it
    was opened."""

    def __init__(
        self, url: httpx2.URL, headers: Mapping[str, str], seconds: float
    ) -> None:
        self._url = url
        self._headers = headers
        self._seconds = seconds
        self._failure: HttpFailure | None = None
        self._questions = 0
        self._is_forgotten = False
        self._closing = asyncio.Event()
        self._client: asyncio.Future[Client] = asyncio.Future()
        self._keeper = asyncio.create_task(self._keep())

    @property
    def is_over(self) -> bool:
        """Whether it was lost, forgotten by the server, or ended."""
        return self._is_forgotten or self._closing.is_set() or self._keeper.done()

    async def ask(self, question: Question[T]) -> T:
        """The server's answer; raises `HttpFailure` when there is none, and `ToolError`
        for an answer that is an error.

        A refusal is of this question alone. Of several questions that a lost session
        leaves open nobody knows which of them were seen.
        """
        client = await asyncio.shield(self._client)
        refusals: Refusals = []
        answer = asyncio.ensure_future(_watched(question(client), refusals))
        self._questions += 1
        try:
            return await self._answered(answer, refusals)
        finally:
            answer.cancel()
            self._questions -= 1
            if self._is_forgotten and not self._questions:
                self._closing.set()

    async def _answered(self, answer: "asyncio.Future[T]", refusals: Refusals) -> T:
        """The answer, unless the session is lost before it comes."""
        either: set[asyncio.Future[Any]] = {answer, self._keeper}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise await self._unanswered(refusals)
        try:
            return answer.result()
        except MCPError as error:
            if refusals or error.code == CONNECTION_CLOSED:
                raise await self._unanswered(refusals, error.message) from None
            detail = f"{origin(self._url)} answered with MCP's error {error.code}."
            raise ToolError(NOT_ACCEPTED, detail=detail) from None

    async def aclose(self) -> None:
        """Say goodbye to the server, if it still listens."""
        self._closing.set()
        await asyncio.wait({self._keeper}, timeout=GOODBYE_SECONDS)
        self._keeper.cancel()
        await asyncio.wait({self._keeper})

    async def _keep(self) -> None:
        """Hold the session until it is ended or lost."""
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self._seconds):
                    self._client.set_result(await self._enter(stack))
                await self._closing.wait()
        except Exception as error:  # noqa: BLE001  Whatever ended it is what to tell.
            if self._questions < 2:
                self._failure = self._failure or self._reason(error)
        finally:
            if not self._client.done():
                self._client.set_exception(self._failure or self._gone())
                # Nobody may ever ask.
                self._client.exception()

    async def _enter(self, stack: AsyncExitStack) -> Client:
        http = open_client(headers=self._headers, timeout=self._seconds, events=True)
        http.event_hooks = {"response": [self._check]}
        await stack.enter_async_context(http)
        transport = streamable_http_client(str(self._url), http_client=http)
        client = Client(transport, client_info=US, cache=None)
        return await stack.enter_async_context(client)

    async def _check(self, response: httpx2.Response) -> None:
        """Keep a refusal for the question that it is of; the library finds nothing to
        read. One of the handshake ends the session."""
        if response.request.method != "POST" or not (told := self._refused(response)):
            return
        refusals = _refusals.get()
        if refusals is None:
            self._failure = told
            raise told
        refusals.append(told)
        await response.aclose()

    def _refused(self, response: httpx2.Response) -> HttpFailure | None:
        """Why an answer is none; None for one that the library may read."""
        status = response.status_code
        if status in REFUSALS or status >= 500:
            return of_status(response)
        if status == 404 and SESSION in response.request.headers:
            self._is_forgotten = True
            return self._gone()
        if response.headers.get("content-encoding", "identity") != "identity":
            detail = f"{origin(self._url)} compresses, though it was asked not to."
            return HttpFailure(BROKEN, detail=detail)
        return None

    async def _unanswered(self, refusals: Refusals, reason: str = "") -> HttpFailure:
        """Why a question has no answer: unless it was refused, the session is lost."""
        return refusals[0] if refusals else await self._lost(reason)

    async def _lost(self, reason: str = "") -> HttpFailure:
        """End what is left of the session; why it was lost."""
        await self.aclose()
        if self._failure:
            return self._failure
        if reason.startswith(UNREADABLE):
            detail = f"{origin(self._url)} answered too long, or not in events."
            return HttpFailure(BROKEN, detail=detail)
        detail = f"{origin(self._url)} broke off before it had answered."
        return HttpFailure(UNAVAILABLE, detail=detail, may_retry=True)

    def _gone(self) -> HttpFailure:
        """The server forgot the session, and did not look at what was asked in it."""
        detail = f"{origin(self._url)} does not know this session any more."
        return HttpFailure(UNAVAILABLE, detail=detail, may_retry=True, was_sent=False)

    def _reason(self, error: BaseException) -> HttpFailure:
        """What went wrong, in the depth of an exception group."""
        for cause in _leaves(error):
            if isinstance(cause, HttpFailure):
                return cause
            if isinstance(cause, httpx2.HTTPError | TimeoutError):
                return of_error(cause, httpx2.Request("POST", self._url))
        detail = f"{origin(self._url)} does not speak MCP: is the URL its endpoint's?"
        return HttpFailure(BROKEN, detail=detail)


async def _watched(answer: Awaitable[T], refusals: Refusals) -> T:
    """The answer; refusals of what is sent for it are kept."""
    _refusals.set(refusals)
    return await answer


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions in a group of groups."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error
