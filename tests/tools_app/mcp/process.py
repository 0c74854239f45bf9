"""A real MCP server over streamable HTTP: `python -m tests.tools_app.mcp.process PORT`.

It lets in who sends `Authorization: Bearer KEY`; with `--old` it speaks the protocol of
2025, which keeps sessions. Each change that it was asked for is a line of LOG.
"""

import argparse
import asyncio
import os
from pathlib import Path

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
UNKNOWN_METHOD = {"code": -32601, "message": "Method not found"}


def server(log: Path) -> MCPServer:
    """A server with functions that work, fail, hang and die."""
    mcp = MCPServer("orders", log_level="CRITICAL")

    @mcp.tool(annotations=READS)
    def find_order(order_id: str, lines: int = 5) -> dict[str, object]:
        """Find an order by its number."""
        return {"order_id": order_id, "lines": lines, "process": os.getpid()}

    @mcp.tool()
    def cancel_order(order_id: str) -> str:
        """Cancel an order."""
        with log.open("a") as lines:
            lines.write(f"{order_id}\n")
        return f"Order {order_id} is cancelled."

    @mcp.tool()
    def die(order_id: str) -> str:
        """Take the server down while it works."""
        cancel_order(order_id)
        os._exit(1)

    @mcp.tool(annotations=READS)
    def fail(words: str = "The order is sent.\nCall the depot.") -> CallToolResult:
        """Fail in the server's own words."""
        text = TextContent(type="text", text=words)
        return CallToolResult(content=[text], is_error=True)

    @mcp.tool(annotations=READS)
    async def hang() -> str:
        """Take far too long."""
        await asyncio.sleep(60)
        return "late"

    @mcp.tool(annotations=READS)
    def huge() -> str:
        """Answer five megabytes."""
        return "x" * 5_000_000

    return mcp


class Door:
    """Lets in who has the key, and hides what is newer than 2025 if asked to."""

    def __init__(self, app: ASGIApp, key: str, is_old: bool) -> None:
        self._app = app
        self._key = key
        self._is_old = is_old

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request = Request(scope, receive)
        if request.headers.get("authorization") != f"Bearer {self._key}":
            refusal = PlainTextResponse(f"{self._key} it is", status_code=401)
            return await refusal(scope, receive, send)
        body = await request.body()
        if self._is_old and b'"server/discover"' in body:
            answer = {"jsonrpc": "2.0", "id": "server-error", "error": UNKNOWN_METHOD}
            return await JSONResponse(answer, status_code=400)(scope, receive, send)
        return await self._app(scope, _repeating(body, receive), send)


def _repeating(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever comes."""
    bodies = [body]

    async def again() -> Message:
        if bodies:
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}
        return await receive()

    return again


def main() -> None:
    """Serve until the end."""
    options = argparse.ArgumentParser()
    options.add_argument("port", type=int)
    options.add_argument("--key", default="")
    options.add_argument("--log", type=Path, default=Path(os.devnull))
    options.add_argument("--old", action="store_true")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    app = server(chosen.log).streamable_http_app(json_response=chosen.json)
    door = Door(app, chosen.key, chosen.old)
    uvicorn.run(door, host="127.0.0.1", port=chosen.port, log_level="critical")


if __name__ == "__main__":
    main()
