"""Recordings are stored, once, also those that a dead job left behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage

from livekit_worker.recording.keeping import file_of, folder, keep, keep_left_behind
from livekit_worker.recording.ogg import OggFile
from telephony_app.models import Call, CallEvent, Recording
from tests.livekit_worker.recording.conftest import tone


@pytest.fixture(autouse=True)
def _places(settings: Any, tmp_path: Path) -> None:
    """A worker with a disk of its own."""
    settings.STATE_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }


def written(path: Path) -> OggFile:
    """A recording of two seconds whose writer has not closed it."""
    file = OggFile(path)
    file.write(tone(2), tone(2))
    return file


@pytest.fixture
def recorded(call: Call) -> Path:
    """The finished recording of a call."""
    path = file_of(call.pk, "AJ_abc_1")
    written(path).close()
    return path


def test_recording_is_stored_with_its_call(call: Call, recorded: Path) -> None:
    sound = recorded.read_bytes()
    assert keep(recorded)
    row = Recording.objects.get()
    assert (row.call, row.key, row.source, row.seconds) == (
        call,
        "AJ_abc_1",
        Recording.Source.WORKER,
        2,
    )
    assert row.file.read() == sound
    assert call.events.get().kind == CallEvent.Kind.RECORDED


def test_file_of_the_worker_is_removed(recorded: Path) -> None:
    keep(recorded)
    assert not recorded.exists()


def test_recording_that_is_being_written_is_left_alone(call: Call) -> None:
    path = file_of(call.pk, "AJ_1")
    file = written(path)
    assert not keep(path)
    assert path.exists()
    file.close()
    assert keep(path)


def test_what_a_dead_job_left_is_found(recorded: Path) -> None:
    keep_left_behind()
    assert Recording.objects.get().file
    assert list(folder().iterdir()) == []


def test_recording_of_a_call_that_is_gone_is_removed(
    call: Call, recorded: Path
) -> None:
    call.delete()
    keep_left_behind()
    assert not recorded.exists()
    assert not Recording.objects.exists()


def test_empty_file_is_no_recording(call: Call) -> None:
    path = file_of(call.pk, "AJ_1")
    path.touch()
    assert keep(path)
    assert not Recording.objects.exists()
    assert not path.exists()


@pytest.fixture
def full_storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A storage that takes nothing until it is mended."""

    def refuse(*_: object, **__: object) -> str:
        raise OSError("the storage is full")

    monkeypatch.setattr(InMemoryStorage, "_save", refuse)
    yield monkeypatch


def test_storage_that_fails_is_tried_again(
    recorded: Path, full_storage: pytest.MonkeyPatch
) -> None:
    keep_left_behind()
    assert recorded.exists()
    full_storage.undo()
    keep_left_behind()
    assert Recording.objects.get().file
    assert not recorded.exists()


def test_folder_is_for_its_owner_alone() -> None:
    assert folder().stat().st_mode & 0o077 == 0


def test_disk_that_is_gone_for_a_while_ends_no_look(
    settings: Any, tmp_path: Path, recorded: Path
) -> None:
    settings.STATE_DIR = tmp_path / "not-mounted"
    keep_left_behind()
    settings.STATE_DIR = tmp_path
    keep_left_behind()
    assert Recording.objects.get().file
