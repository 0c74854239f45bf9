"""`/healthz` of the worker: whether it would take a call now."""

from aiohttp import web
from livekit.agents import AgentServer


class Health:
    """Answers 200 while the worker takes calls, 503 with the reason while not."""

    def __init__(self, server: AgentServer) -> None:
        self._server = server
        self._registered = False
        self._runner: web.AppRunner | None = None
        server.on("worker_registered", self._on_registered)

    def _on_registered(self, *_: object) -> None:
        self._registered = True

    @property
    def problem(self) -> str | None:
        """Why no call would be taken."""
        if self._server.draining:
            return "draining"
        if not self._registered or self._server._connecting:
            return "not connected to LiveKit"
        return None

    async def start(self, *, host: str, port: int) -> None:
        """Listen; raises OSError when the port is taken."""
        app = web.Application()
        app.add_routes([web.get("/healthz", self._answer)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, _: web.Request) -> web.Response:
        problem = self.problem
        return web.Response(status=503 if problem else 200, text=problem or "ok")
