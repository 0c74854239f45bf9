"""`manage.py run_voice_worker`: carry calls."""

import asyncio
import shlex
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections


class Command(BaseCommand):
    """Registers with LiveKit and holds up to `--max-calls` conversations at once."""

    help = (
        "Run a voice worker: it takes calls from LiveKit and speaks with the callers."
    )
    # The checks would load the admin's pages, which no call needs.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--max-calls", type=int, default=10, metavar="N")
        parser.add_argument("--host", default="127.0.0.1", help="of /healthz")
        parser.add_argument("--port", type=int, default=8081, help="of /healthz")
        parser.add_argument(
            "--dev", action="store_true", help="restart when the code changes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["max_calls"] < 1:
            raise CommandError("--max-calls: give a number of 1 or more.")
        if options["dev"]:
            self._run_again_on_change()
            return
        self._run(options)

    def _run(self, options: dict[str, Any]) -> None:
        """The plugin must be imported in the main thread, before the server is made."""
        import livekit.plugins.google  # noqa: F401

        from livekit_worker.plan import keep_emergency_line
        from livekit_worker.worker.worker import CannotStart

        self._need_a_model()
        self._need_sound_tools()
        keep_emergency_line()
        connections.close_all()
        try:
            asyncio.run(self._work(options))
        except CannotStart as problem:
            raise CommandError(str(problem)) from problem

    async def _work(self, options: dict[str, Any]) -> None:
        from livekit_worker.worker.worker import Worker

        worker = Worker(places=options["max_calls"])
        await worker.run(host=options["host"], port=options["port"])

    def _need_a_model(self) -> None:
        certificate = settings.SANDBOX_STATE_DIR / "ca.pem"
        if settings.SANDBOX_MODEL and not certificate.exists():
            raise CommandError(
                "There is no model: set GOOGLE_API_KEY, or start the sandbox model "
                "with 'manage.py run_sandbox_model' first."
            )

    def _need_sound_tools(self) -> None:
        from tools_app.code_tools.registry import registry
        from tools_app.errors import ToolMistake

        try:
            registry().check()
        except ToolMistake as mistake:
            others = "".join(f"\n{note}" for note in getattr(mistake, "__notes__", ()))
            raise CommandError(f"A tool cannot be used. {mistake}{others}") from mistake

    def _run_again_on_change(self) -> None:
        from watchfiles import PythonFilter, run_process

        command = [sys.executable, *(word for word in sys.argv if word != "--dev")]
        run_process(
            Path(sys.argv[0]).resolve().parent,
            target=shlex.join(command),
            target_type="command",
            watch_filter=PythonFilter(),
        )
