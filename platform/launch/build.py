"""LiveKit's programs: the machine's own, or built from source once.

`python -m launch.build [NAME...]` prints their paths (without a name, all).
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from launch import compiler
from launch.programs import LIVEKIT_SERVER, LIVEKIT_SIP, PROGRAMS, Program
from launch.steps import BuildFailed, run, say

CACHE = Path(
    os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "voice-agent-platform"
)


def livekit_server() -> Path:
    """The media server."""
    return program_file(LIVEKIT_SERVER)


def livekit_sip() -> Path:
    """The bridge between telephones and the media server."""
    return program_file(LIVEKIT_SIP)


def program_file(program: Program) -> Path:
    """The program: from PATH, else built earlier, else built now (about 90 s).

    Ends the process with the official ways to get it when the build fails.
    """
    found = shutil.which(program.name)
    if found:
        return Path(found)
    built = CACHE / "bin" / f"{program.name}-{program.version}"
    if not built.exists():
        try:
            _build(program, built)
        except (BuildFailed, OSError) as error:
            sys.exit(
                f"{error}\n\n{program.name} could not be built. Put {program.version} "
                f"on your PATH: {program.official}."
            )
    return built


def _build(program: Program, built: Path) -> None:
    built.parent.mkdir(parents=True, exist_ok=True)
    compiler.check_c(program)
    say(f"Building {program.name} {program.version}, once for this machine ...")
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="build-") as scratch:
        go = compiler.go(Path(scratch))
        env = compiler.environment(program, Path(scratch))
        source = _download_source(go, program, env)
        new = Path(scratch, program.name)
        flags = ["-C", source, "-trimpath", "-ldflags=-s -w", "-o", str(new)]
        run("compiling", [go, "build", *flags, program.entry], env)
        new.replace(built)


def _download_source(go: str, program: Program, env: dict[str, str]) -> str:
    command = [go, "mod", "download", "-json", f"{program.module}@{program.version}"]
    answer = json.loads(run("fetching the source", command, env))
    folder: str = answer["Dir"]
    return folder


if __name__ == "__main__":
    for name in sys.argv[1:] or PROGRAMS:
        print(program_file(PROGRAMS[name]))
