"""One instance per state folder."""

import os
import subprocess
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from config.env import Environment
from launch import instance
from launch.__main__ import stop
from launch.instance import Instance


def test_second_instance_is_refused(tmp_path: Path) -> None:
    with instance.claim(tmp_path):
        assert instance.claim(tmp_path) is None
        assert instance.running(tmp_path) == Instance(os.getpid(), phone=False)


def test_instance_that_ended_is_not_running(tmp_path: Path) -> None:
    instance.claim(tmp_path).close()
    assert instance.running(tmp_path) is None


def test_instance_tells_others_that_it_takes_telephone_calls(tmp_path: Path) -> None:
    with instance.claim(tmp_path, phone=True):
        assert instance.running(tmp_path) == Instance(os.getpid(), phone=True)


def test_folders_do_not_know_each_other(tmp_path: Path) -> None:
    with instance.claim(tmp_path / "one"):
        assert instance.running(tmp_path / "two") is None


def test_children_of_an_instance_that_was_killed_are_not_the_instance(
    tmp_path: Path,
) -> None:
    claimed = instance.claim(tmp_path)
    assert claimed
    child = get_context("fork").Process(target=time.sleep, args=[30])
    child.start()
    try:
        claimed.close()
        deadline = time.monotonic() + 5
        while instance.running(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert instance.running(tmp_path) is None and child.is_alive()
    finally:
        child.kill()
        child.join()


def test_instance_that_has_not_written_its_process_yet_is_asked_again_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with instance.claim(tmp_path) or pytest.fail("It is claimed already."):
        (tmp_path / "start.pid").write_text("")
        assert instance.running(tmp_path) == Instance(None, phone=False)
        assert stop(Environment(state_dir=tmp_path)) == 1
    assert "starts at this very moment" in capsys.readouterr().err


def test_instance_that_ends_by_itself_meanwhile_is_stopped(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert instance.stop(gone.pid, tmp_path)
