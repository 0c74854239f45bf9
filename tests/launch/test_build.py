"""LiveKit's programs are found, or it is said where they are to be had."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR

NAMES = ["livekit-server", "livekit-sip"]


def build(name: str, *, path: Path) -> subprocess.CompletedProcess[str]:
    """Ask for a program on a machine that has only what is in this folder."""
    surroundings = {"PATH": str(path), "XDG_CACHE_HOME": str(path / "cache")}
    return subprocess.run(
        [sys.executable, "-m", "launch.build", name],
        env=os.environ | surroundings,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", NAMES)
def test_program_of_the_machine_is_taken(name: str, tmp_path: Path) -> None:
    program = tmp_path / name
    program.touch(mode=0o755)
    assert build(name, path=tmp_path).stdout.strip() == str(program)


def test_bridge_without_a_c_compiler_says_what_to_install_and_who_has_it(
    tmp_path: Path,
) -> None:
    refused = build("livekit-sip", path=tmp_path)
    assert refused.returncode == 1
    assert "cannot be compiled without gcc, pkg-config" in refused.stderr
    assert "apt install gcc" in refused.stderr
    assert "container image livekit/sip" in refused.stderr


def test_missing_library_is_named(tmp_path: Path) -> None:
    for name, code in (("gcc", 0), ("pkg-config", 1)):
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\nexit {code}\n")
        tool.chmod(0o755)
    refused = build("livekit-sip", path=tmp_path)
    assert "without opus, opusfile, soxr" in refused.stderr
