"""A PostgreSQL of our own for a measurement, gone afterwards."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

from tests.servers.ports import free_port

DATABASE = "voice"
OPTIONS = "-c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"


class NoPostgres(AssertionError):
    """It is not installed."""


@contextmanager
def postgres() -> Iterator[str]:
    """Its URL, as `DATABASE_URL` takes it, while it runs. It refuses to run as root, so
    then it belongs to the user `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="voice-postgres-"))
    as_user = []
    if getpass.getuser() == "root":
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    port, programs = free_port(), _programs()
    data, log = folder / "data", folder / "log"
    start = f"-p {port} -k {folder} {OPTIONS}"
    pg_ctl = [*as_user, programs / "pg_ctl", "-D", data, "-w"]
    try:
        initdb = [programs / "initdb", "-D", data, "-U", DATABASE, "--auth=trust"]
        _run([*as_user, *initdb, "-E", "UTF8"], folder)
        _run([*pg_ctl, "-l", log, "-o", start, "start"], folder)
        createdb = [programs / "createdb", "-h", "127.0.0.1", "-p", str(port)]
        _run([*createdb, "-U", DATABASE, DATABASE], folder)
        yield f"postgres://{DATABASE}@127.0.0.1:{port}/{DATABASE}"
    finally:
        _run([*pg_ctl, "-m", "immediate", "stop"], folder, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of the newest release (Debian's, which is not on PATH, first)."""
    found = sorted(glob("/usr/lib/postgresql/*/bin/initdb"))
    initdb = found[-1] if found else shutil.which("initdb")
    if initdb is None:
        raise NoPostgres("Install postgresql, or leave the webhook's part out.")
    return Path(os.path.realpath(initdb)).parent


def _run(command: list[object], folder: Path, *, check: bool = True) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if check and done.returncode:
        raise AssertionError(f"{words} failed: {done.stderr}")
