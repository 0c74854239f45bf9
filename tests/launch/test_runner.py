"""Processes that run together end together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from honcho.printer import Message

from config.env import BASE_DIR
from launch.runner import Log

RUN = """
import sys
from pathlib import Path
from launch.process import Process
from launch.runner import run
state_dir, *commands = sys.argv[1:]
names = ["first", "second"]
processes = [Process(n, ["sh", "-c", c]) for n, c in zip(names, commands)]
sys.exit(run(processes, state_dir=Path(state_dir)))
"""
# A length by which the sleepers of this test run are known in the process list.
SLEEP = f"sleep 60.{os.getpid()}"
STAYS = f"echo up; exec {SLEEP}"
Runner = subprocess.Popen[str]


@pytest.fixture
def runner(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Runner]:
    """Two processes: one that stays, and one as the test wants it."""
    running = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path), STAYS, request.param],
        cwd=BASE_DIR,
        env=os.environ | {"STATE_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    yield running
    running.kill()


def end(runner: Runner) -> str:
    """Wait for the end; what was printed."""
    return runner.communicate(timeout=30)[0]


def sleepers() -> list[str]:
    """What is left of the processes."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True)
    return [line for line in listed.stdout.splitlines() if line.startswith(SLEEP)]


@pytest.mark.parametrize("runner", ["sleep 1; exit 3"], indirect=True)
def test_process_that_ends_by_itself_is_named(runner: Runner, tmp_path: Path) -> None:
    words = end(runner)
    assert runner.returncode == 3
    assert "a process ended by itself: second stopped (rc=3)" in words
    assert "first  | up" in words
    assert "first  | up" in (tmp_path / "logs/platform.log").read_text()


@pytest.mark.parametrize("runner", ["sleep 1"], indirect=True)
def test_process_that_ends_without_an_error_fails_too(runner: Runner) -> None:
    end(runner)
    assert runner.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("runner", [STAYS], indirect=True, ids=["stays"])
def test_asked_to_stop_it_succeeds(runner: Runner, number: signal.Signals) -> None:
    assert runner.stdout
    for line in runner.stdout:
        if "second | up" in line:
            break
    runner.send_signal(number)
    words = end(runner)
    assert runner.returncode == 0, words
    assert sleepers() == []


@pytest.mark.parametrize(
    "runner", [f"{SLEEP} & sleep 1"], indirect=True, ids=["leaves"]
)
def test_child_that_a_process_left_behind_ends_too(runner: Runner) -> None:
    end(runner)
    assert sleepers() == []


@pytest.mark.parametrize("runner", [STAYS], indirect=True, ids=["stays"])
def test_it_can_be_stopped_while_it_starts(runner: Runner) -> None:
    assert runner.stdout
    runner.stdout.readline()
    runner.send_signal(signal.SIGTERM)
    words = end(runner)
    assert runner.returncode == 0, words
    assert sleepers() == []


def test_line_that_a_signal_asks_for_waits_for_the_other_one(tmp_path: Path) -> None:
    file = tmp_path / "logs" / "platform.log"
    file.parent.mkdir()
    log = Log(file)

    def line(words: str) -> Message:
        return Message("line", words, datetime.now(), "system", None)

    def interrupt(*_: object) -> None:
        log.write(line("asked for by a signal"))

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0005)
    try:
        for _ in range(3000):
            log.write(line("a line of its own"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    written = {words.split("| ")[1] for words in file.read_text().splitlines()}
    assert written == {"asked for by a signal", "a line of its own"}


@pytest.mark.parametrize("runner", [STAYS], indirect=True, ids=["stays"])
def test_programs_do_not_outlive_a_runner_that_was_killed(runner: Runner) -> None:
    assert runner.stdout
    for line in runner.stdout:
        if "second | up" in line:
            break
    runner.kill()
    runner.wait()
    deadline = time.monotonic() + 10
    while sleepers() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert sleepers() == []
