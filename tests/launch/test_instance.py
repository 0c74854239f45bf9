"""One instance per state folder."""

import os
from pathlib import Path

from launch import instance
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
