"""The running instance of this machine: one per state folder, known by a lock."""

import fcntl
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

STOP_SECONDS = 30


@dataclass(frozen=True)
class Instance:
    """What runs: its process, and whether it takes telephone calls."""

    pid: int
    phone: bool


def _pid_file(state_dir: Path) -> Path:
    return state_dir / "start.pid"


def claim(state_dir: Path, *, phone: bool = False) -> TextIO | None:
    """Become the instance while the returned file is open; None when there is one."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _pid_file(state_dir).open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(f"{os.getpid()} {'phone' if phone else ''}\n")
    file.flush()
    return file


def running(state_dir: Path) -> Instance | None:
    """The running instance; None when none runs."""
    free = claim(state_dir)
    if free:
        free.close()
        return None
    pid, *more = _pid_file(state_dir).read_text().split()
    return Instance(int(pid), phone="phone" in more)


def stop(pid: int, state_dir: Path) -> bool:
    """Ask the instance to stop and wait until all of it is gone."""
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if running(state_dir) is None:
            return True
        time.sleep(0.2)
    return False
