"""A process of the platform under test: started, watched, ended."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Self

from config.env import BASE_DIR
from launch.process import Process

TAIL_CHARACTERS = 4_000


class Server:
    """One process with its log. Ends itself as told, and its children with it."""

    def __init__(self, process: Process, *, env: dict[str, str]) -> None:
        self.process = process
        self._env = env
        self._log = Path(env["STATE_DIR"], "logs", f"{process.name}.log")
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it, and wait until it is healthy."""
        self._log.parent.mkdir(exist_ok=True)
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                self.process.command,
                env=self._env,
                cwd=BASE_DIR,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_healthy()
        return self

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._running, f"'{self.process.name}' was never started"
        return self._running.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._running is not None and self._running.poll() is None

    @property
    def log(self) -> str:
        """Everything it said so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def send(self, number: signal.Signals) -> None:
        """Send the process itself, not its children, a signal."""
        os.kill(self.pid, number)

    def wait(self, *, seconds: float = 30) -> int:
        """Wait for its end; the exit code."""
        assert self._running, f"'{self.process.name}' was never started"
        try:
            return self._running.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(self._story(f"still runs after {seconds} s")) from None

    def stop(self) -> int | None:
        """Ask it to end, and end whatever is left of it; the exit code."""
        if self._running is None:
            return None
        if self.is_running:
            self.send(signal.SIGTERM)
        try:
            return self.wait()
        finally:
            self.sweep()

    def kill(self) -> None:
        """What a crash or the memory killer does to it (`kill -9`)."""
        self.send(signal.SIGKILL)
        self.wait()

    def restart(self) -> None:
        """Stop it, and start it again."""
        self.stop()
        self.start()

    def sweep(self) -> None:
        """End what is left of its process group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.wait()

    def _wait_until_healthy(self, *, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not self.process.is_healthy():
            if not self.is_running:
                raise AssertionError(self._story("ended while it started"))
            if time.monotonic() > deadline:
                self.sweep()
                raise AssertionError(self._story(f"is not healthy after {seconds} s"))
            time.sleep(0.1)

    def _story(self, what: str) -> str:
        return f"'{self.process.name}' {what}. It said:\n{self.tail}"

    @property
    def tail(self) -> str:
        """The end of its log."""
        return self.log[-TAIL_CHARACTERS:]
