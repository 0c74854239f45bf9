"""A step of a build: a command that takes long and tells of its progress."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BuildFailed(Exception):
    """A step of the build failed; the text holds what it said."""


def run(step: str, command: list[str], env: dict[str, str]) -> str:
    """What the command prints; tells the time every ten seconds."""
    say(f"  {step} ...")
    with _output_file() as (out, err):
        running = subprocess.Popen(command, env=env, stdout=out, stderr=err)
        started = time.monotonic()
        while _still(running):
            say(f"  {step}: {time.monotonic() - started:.0f} s")
        if running.returncode:
            said = Path(err.name).read_text()[-2000:] or Path(out.name).read_text()
            raise BuildFailed(f"{step} failed:\n{said[-2000:]}")
        return Path(out.name).read_text()


def say(words: str) -> None:
    """Tell the person at the terminal; the output itself is the program's path."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def _output_file() -> Iterator[tuple["tempfile._TemporaryFileWrapper[bytes]", ...]]:
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        yield out, err


def _still(running: "subprocess.Popen[bytes]") -> bool:
    try:
        running.wait(timeout=10)
    except subprocess.TimeoutExpired:
        return True
    return False
