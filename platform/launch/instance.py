"""The running instance of this machine: one per state folder, known by a lock."""

import fcntl
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

STOP_SECONDS = 30


@dataclass(frozen=True)
class Instance:
    """What runs: its process, None in the moment of its start, and whether it takes
    telephone calls."""

    pid: int | None
    phone: bool


def _pid_file(state_dir: Path) -> Path:
    return state_dir / "start.pid"


def claim(state_dir: Path, *, phone: bool = False) -> TextIO | None:
    """Become the instance while the returned file is open; None when there is one."""
    file = _locked(state_dir)
    if file:
        # Processes forked off would hold the lock when this one was killed.
        os.register_at_fork(after_in_child=file.close)
        file.truncate(0)
        file.write(f"{os.getpid()} {'phone' if phone else ''}\n")
        file.flush()
    return file


def _locked(state_dir: Path) -> TextIO | None:
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _pid_file(state_dir).open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def running(state_dir: Path) -> Instance | None:
    """The running instance; None when none runs."""
    free = _locked(state_dir)
    if free:
        free.close()
        return None
    words = _pid_file(state_dir).read_text().split()
    return Instance(int(words[0]) if words else None, phone="phone" in words)


def stop(pid: int, state_dir: Path) -> bool:
    """Ask the instance to stop and wait until all of it is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if running(state_dir) is None:
            return True
        time.sleep(0.2)
    return False
