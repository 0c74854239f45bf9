"""Run the processes together: one log, one end."""

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

import honcho.manager
import honcho.process
from honcho.compat import ProcessManager
from honcho.printer import Message, Printer

from config.env import BASE_DIR
from launch.process import Process


def log_file(state_dir: Path) -> Path:
    """What the processes said since the start; the start before is beside it."""
    return state_dir / "logs" / "platform.log"


class Log(Printer):
    """Honcho's printer, which also keeps a file and why the end began."""

    def __init__(self, file: Path) -> None:
        super().__init__(sys.stdout)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        if file.exists():
            file.replace(file.with_suffix(".log.1"))
        self._file = Printer(file.open("w"))
        self._unwritten: deque[Message] = deque()
        self._writes = False
        self.end = ""

    def write(self, message: Message) -> None:
        """Print one message, and keep it.

        A signal may ask for its own line in the middle of another one, which a
        Python stream refuses as reentrant: the line waits for the other's end.
        """
        self._note_end(message)
        self._unwritten.append(message)
        if self._writes:
            return
        self._writes = True
        try:
            self._write_all()
        finally:
            self._writes = False

    def _write_all(self) -> None:
        self._file.width = self.width
        while self._unwritten:
            message = self._unwritten.popleft()
            super().write(message)
            self._file.write(message)

    def _note_end(self, message: Message) -> None:
        if message.name == "system" and not self.end:
            words = str(message.data)
            if " stopped (rc=" in words or words.endswith(" received\n"):
                self.end = words.strip()


LAST_WORDS_SECONDS = 1.0
RUNNER_GONE_SECONDS = 0.5
# Honcho kills whoever is not gone by then. Celery's beat needs up to five seconds.
honcho.manager.KILL_WAIT = 10


class Programs(ProcessManager):
    """Honcho's way to end processes, but each program ends its own children, in its
    own order; honcho would send all of them the signal."""

    def terminate(self, pid: int) -> None:
        """Ask the program itself to end."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class Program(honcho.process.Process):
    """Honcho's process, which ends when its program does, or when nobody runs it any
    more: honcho itself waits for every child that still holds the output."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._runner = os.getpid()

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Start the program and pass on what it says, until its end."""
        for work in (self._sweep, self._outlive_nobody):
            threading.Thread(target=work, daemon=True).start()
        super().run(events, ignore_signals)

    def _sweep(self) -> None:
        while self._child is None:
            time.sleep(0.05)
        self._child.wait()
        time.sleep(LAST_WORDS_SECONDS)
        self._kill()

    def _outlive_nobody(self) -> None:
        """End the program when its runner was killed, who cannot do it any more."""
        while os.getppid() == self._runner:
            time.sleep(RUNNER_GONE_SECONDS)
        if self._child:
            self._child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(honcho.manager.KILL_WAIT)
            self._kill()
        # What it still has to tell, nobody reads.
        os._exit(1)

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)


class Runner(honcho.manager.Manager):
    """Honcho's manager, which can also be stopped while it still starts."""

    def __init__(self, log: Log) -> None:
        super().__init__(log)
        self._procmgr = Programs()
        self._process_ctor = Program

    def terminate(self) -> None:
        """Stop everything; honcho learns of a process only after its start."""
        if self._all_started():
            super().terminate()
        else:
            again = (os.getpid(), signal.SIGTERM)
            threading.Timer(0.1, os.kill, again).start()


def run(processes: list[Process], *, state_dir: Path) -> int:
    """Run until Ctrl-C, SIGTERM or the first process that ends; the exit code.

    Being asked to stop is success; a process that ends by itself is not.
    """
    log = Log(log_file(state_dir))
    runner = Runner(log)
    surroundings = os.environ | {"PYTHONUNBUFFERED": "1"}
    for process in processes:
        command = f"exec {shlex.join(process.command)}"
        runner.add_process(process.name, command, env=surroundings, cwd=str(BASE_DIR))
    _loop(runner)
    if log.end.endswith(" received"):
        return 0
    sys.stderr.write(
        f"\nStopped everything, because a process ended by itself: {log.end}\n"
        f"What it said is above and in {log_file(state_dir)}\n"
    )
    return runner.returncode or 1


def _loop(runner: Runner) -> None:
    """Run the processes, beside one that says when a call can be made."""
    # A closed terminal is a wish to stop, too.
    signal.signal(signal.SIGHUP, _ask_to_stop)
    announcer = subprocess.Popen(
        [sys.executable, "-m", "launch.ready"], start_new_session=True
    )
    try:
        runner.loop()
    finally:
        announcer.terminate()
        announcer.wait()


def _ask_to_stop(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
