"""`manage.py run_sandbox_model`: the stand-in for Gemini Live, on this machine."""

import asyncio
import errno
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from livekit_worker.sandbox.certificate import CA_FILE, make_tls
from livekit_worker.sandbox.hearing.ear import understand
from livekit_worker.sandbox.server import Sandbox


class Command(BaseCommand):
    """Serve until SIGTERM or Ctrl-C."""

    help = "Serve the sandbox model: agents talk without a Google account."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen (SANDBOX_MODEL_URL), where to leave the certificate."""
        url = urlsplit(settings.SANDBOX_MODEL_URL)
        parser.add_argument("--host", default=url.hostname)
        parser.add_argument("--port", type=int, default=url.port)
        parser.add_argument(
            "--state-dir", type=Path, default=settings.SANDBOX_STATE_DIR
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the port is taken."""
        asyncio.run(self._serve(options["host"], options["port"], options["state_dir"]))

    async def _serve(self, host: str, port: int, state_dir: Path) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        tls = make_tls(state_dir, host=host)
        try:
            server = await Sandbox().listen(host=host, port=port, tls=tls)
        except OSError as error:
            raise CommandError(_explain(error, host, port)) from error
        async with server:
            ready = f"Sandbox model ready at https://{host}:{port}"
            self.stdout.write(f"{ready} (trust {state_dir / CA_FILE})")
            self.stdout.flush()
            # The first caller to speak shall not wait for the ear's process.
            await understand(b"", functions=(), is_asking=False)
            await stop.wait()


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use: set SANDBOX_MODEL_URL to another one, "
            f"such as https://{host}:{port + 1}."
        )
    return f"Cannot listen on {host}:{port}: {error.strerror or error}."
