"""A connection to an MCP server, through the same door as all HTTP of tools."""

from tools_app.endpoints.placeholders import fill_text
from tools_app.endpoints.secret_places import PlacedSecrets
from tools_app.endpoints.url import fill_url
from tools_app.mcp.definition import McpDefinition
from tools_app.mcp.session import McpSession, Question, T


class McpConnection:
    """Connects when it is first asked, and anew after a session was lost."""

    def __init__(self, definition: McpDefinition, secrets: PlacedSecrets) -> None:
        self._definition = definition
        self._secrets = secrets
        self._session: McpSession | None = None

    def open(self) -> McpSession:
        """The session; begins one unless there is one. Who asks first waits for it.

        Raises `ToolError` for a secret that leaves its part of the URL.
        """
        if self._session is None or self._session.is_over:
            self._session = self._begin()
        return self._session

    async def ask(self, question: Question[T]) -> T:
        """The server's answer; raises `HttpFailure` when there is none, and `ToolError`
        for one that is an error."""
        return await self.open().ask(question)

    async def aclose(self) -> None:
        """End the session."""
        if self._session is not None:
            await self._session.aclose()

    def _begin(self) -> McpSession:
        definition, secrets = self._definition, self._secrets
        url = fill_url(definition.url, secrets.placeholders)
        headers = {
            name: fill_text(text, secrets.placeholders)
            for name, text in definition.headers.items()
        }
        return McpSession(
            url.copy_merge_params(secrets.query),
            {**headers, **secrets.headers},
            definition.timeout_seconds,
        )
