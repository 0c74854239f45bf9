"""Recordings are kept for as long as the organization says, then gone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import timezone

from accounts.models import Organization
from agents_app.models import Agent
from telephony_app.models import Call, CallingPolicy, Recording, TwilioAccount
from telephony_app.recordings import retention
from tests.standins.twilio.rest import Twilio, twilio_error
from tests.telephony_app.conftest import call_of
from tests.telephony_app.recorded import SID, SOUND, recording_of, stored_files

pytestmark = pytest.mark.usefixtures("files")


def age(recording: Recording, days: float) -> None:
    """Make a recording old."""
    then = timezone.now() - timedelta(days=days)
    Recording.objects.filter(pk=recording.pk).update(created_at=then)


def test_old_recordings_are_deleted_with_their_files(call: Call, files: Path) -> None:
    old, new = recording_of(call), recording_of(call)
    age(old, days=91)
    age(new, days=89)
    assert retention.drop_outdated() == 1
    assert list(Recording.objects.all()) == [new]
    assert stored_files(files) == [f"{new.key}.mp3"]


def test_calls_and_what_was_said_stay_when_their_recordings_go(call: Call) -> None:
    age(recording_of(call), days=91)
    retention.drop_outdated()
    assert Call.objects.filter(pk=call.pk).exists()


def test_each_organization_keeps_recordings_as_long_as_it_says(
    call: Call, rival: Organization
) -> None:
    CallingPolicy.objects.create(organization=call.organization, recordings_days=7)
    CallingPolicy.objects.create(organization=rival, recordings_days=365)
    agent = Agent.objects.create(organization=rival, name="Rita")
    ours, theirs = recording_of(call), recording_of(call_of(agent))
    for recording in (ours, theirs):
        age(recording, days=8)
    retention.drop_outdated()
    assert list(Recording.objects.all()) == [theirs]


def test_deletion_that_was_cut_short_is_done_by_the_next_night(
    call: Call, files: Path
) -> None:
    recording = recording_of(call)
    age(recording, days=91)
    recording.file.storage.delete(recording.file.name)
    assert retention.drop_outdated() == 1
    assert not Recording.objects.exists()


def test_files_of_no_recording_are_swept_after_a_day(call: Call, files: Path) -> None:
    kept = recording_of(call)
    old, new = (
        default_storage.save(f"recordings/2026/03/{name}.mp3", ContentFile(SOUND))
        for name in ("old", "new")
    )
    two_days_ago = timezone.now().timestamp() - 2 * 86_400
    for path in (old, kept.file.name):
        os.utime(files / path, (two_days_ago, two_days_ago))
    assert retention.sweep() == 1
    assert stored_files(files) == sorted([f"{kept.key}.mp3", "new.mp3"])
    assert default_storage.exists(new)


def test_sweeping_before_the_first_recording_finds_nothing() -> None:
    assert retention.sweep() == 0


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch, call: Call) -> Recording:
    """An old recording whose file nobody may delete."""
    locked, delete = recording_of(call), FileSystemStorage.delete
    age(locked, days=92)

    def deleted(storage: FileSystemStorage, name: str) -> None:
        if name == locked.file.name:
            raise PermissionError(13, "Permission denied", name)
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", deleted)
    return locked


def test_file_that_cannot_be_deleted_stops_no_other(
    locked: Recording, call: Call
) -> None:
    age(recording_of(call), days=91)
    assert retention.drop_outdated() == 1
    [left] = Recording.objects.all()
    assert left == locked
    assert left.problem == "It could not be deleted: Permission denied."


def test_stray_file_that_cannot_be_deleted_stops_no_other(
    locked: Recording, files: Path
) -> None:
    Recording.objects.all().delete()
    default_storage.save("recordings/2026/03/z.mp3", ContentFile(SOUND))
    for path in files.rglob("*.mp3"):
        os.utime(path, (0, 0))
    assert retention.sweep() == 1
    assert stored_files(files) == [f"{locked.key}.mp3"]


def test_what_was_not_fetched_is_deleted_at_twilio(
    call: Call, account: TwilioAccount, twilio: Twilio
) -> None:
    twilio.recordings[SID] = SOUND
    retention.drop(recording_of(call, sound=b"", key=SID, is_due=True))
    assert twilio.recordings == {}
    assert not Recording.objects.exists()


def test_recording_that_twilio_does_not_delete_goes_from_here(
    call: Call, account: TwilioAccount, twilio: Twilio
) -> None:
    twilio.fail(twilio_error(503, 0, "Busy"))
    retention.drop(recording_of(call, sound=b"", key=SID, is_due=True))
    assert not Recording.objects.exists()
