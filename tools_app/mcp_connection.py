"""A session with an MCP server, through the same door as all HTTP of tools."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, suppress
from typing import TypeVar

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
Question = Callable[[Client], Awaitable[T]]
US = Implementation(name="voice-agent-platform", version="1")
SESSION = "mcp-session-id"
# Statuses that no answer in MCP comes with; others may carry one.
REFUSALS = {401, 403, 407, 429}
GOODBYE_SECONDS = 2.0


class McpConnection:
    """Connects when it is first asked, and again after it was lost.

    A task of its own holds the session, for it must be closed where it was opened.
    """

    def __init__(
        self, url: httpx2.URL, headers: Mapping[str, str], seconds: float
    ) -> None:
        self._url = url
        self._headers = headers
        self._seconds = seconds
        self._session: asyncio.Future[Client] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._failure: HttpFailure | None = None

    def open(self) -> None:
        """Begin to connect, unless that was done: who asks first waits for it."""
        if self._keeper is None or self._keeper.done():
            self._closing = asyncio.Event()
            self._failure = None
            self._session = asyncio.get_running_loop().create_future()
            self._keeper = asyncio.create_task(self._keep(self._session))

    async def ask(self, question: Question[T]) -> T:
        """The server's answer; raises `HttpFailure` when there is none, after which the
        next question connects anew, and `ToolError` for an answer that is an error."""
        self.open()
        assert self._session is not None and self._keeper is not None  # noqa: S101
        client = await asyncio.shield(self._session)
        answer = asyncio.ensure_future(question(client))
        try:
            await asyncio.wait(
                {answer, self._keeper}, return_when=asyncio.FIRST_COMPLETED
            )
            if not answer.done():
                raise await self._lost()
            return answer.result()
        except MCPError as error:
            if error.code == CONNECTION_CLOSED:
                raise await self._lost() from None
            raise self._error(error) from None
        finally:
            answer.cancel()

    async def aclose(self) -> None:
        """Say goodbye to the server, if it still listens."""
        if self._keeper is None:
            return
        self._closing.set()
        await asyncio.wait({self._keeper}, timeout=GOODBYE_SECONDS)
        self._keeper.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeper

    async def _keep(self, session: asyncio.Future[Client]) -> None:
        """Hold the session until it is closed or lost."""
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self._seconds):
                    client = await self._enter(stack)
                session.set_result(client)
                await self._closing.wait()
        except Exception as error:  # noqa: BLE001  Whatever ended it is what to tell.
            self._failure = self._failure or self._reason(error)
        finally:
            if not session.done():
                session.set_exception(self._failure or self._gone())
                session.exception()

    async def _enter(self, stack: AsyncExitStack) -> Client:
        http = open_client(headers=self._headers, timeout=self._seconds)
        http.event_hooks["response"].append(self._check)
        await stack.enter_async_context(http)
        transport = streamable_http_client(str(self._url), http_client=http)
        client = Client(transport, client_info=US, cache=None)
        return await stack.enter_async_context(client)

    async def _check(self, response: httpx2.Response) -> None:
        """Raise `HttpFailure` for an answer that ends the session."""
        status = response.status_code
        if status in REFUSALS or status >= 500:
            self._failure = of_status(response)
        elif status == 404 and SESSION in response.request.headers:
            self._failure = self._gone()
        elif response.headers.get("content-encoding", "identity") != "identity":
            detail = f"{origin(self._url)} compresses, though it was asked not to."
            self._failure = HttpFailure(BROKEN, detail=detail)
        if self._failure:
            raise self._failure

    async def _lost(self) -> HttpFailure:
        """End what is left of the session; why it was lost."""
        await self.aclose()
        if self._failure:
            return self._failure
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

    def _error(self, error: MCPError) -> ToolError:
        """For an error that the server answered, without what it said."""
        detail = f"{origin(self._url)} answered with MCP's error {error.code}."
        return ToolError(NOT_ACCEPTED, detail=detail)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions in a group of groups."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error
