"""A connection to an MCP server, through the same door as all HTTP of tools."""

from collections.abc import Mapping

import httpx2

from tools_app.mcp_session import McpSession, Question, T


class McpConnection:
    """Connects when it is first asked, and anew after a session was lost."""

    def __init__(
        self, url: httpx2.URL, headers: Mapping[str, str], seconds: float
    ) -> None:
        self._url = url
        self._headers = headers
        self._seconds = seconds
        self._session: McpSession | None = None

    def open(self) -> McpSession:
        """The session; begins one unless there is one. Who asks first waits for it."""
        if self._session is None or self._session.is_over:
            self._session = McpSession(self._url, self._headers, self._seconds)
        return self._session

    async def ask(self, question: Question[T]) -> T:
        """The server's answer; raises `HttpFailure` when there is none, and `ToolError`
        for one that is an error."""
        return await self.open().ask(question)

    async def aclose(self) -> None:
        """End the session."""
        if self._session is not None:
            await self._session.aclose()
