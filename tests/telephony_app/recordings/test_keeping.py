"""Recordings: fetched once, kept for as long as the organization says, then gone."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Organization
from agents_app.models import Agent
from telephony_app import tasks
from telephony_app.models import (
    Call,
    CallEvent,
    CallingPolicy,
    Recording,
    TwilioAccount,
)
from telephony_app.recordings import keeping as recordings
from telephony_app.twilio.rest import TwilioRefused
from tests.standins.twilio.rest import Twilio, twilio_error
from tests.telephony_app.conftest import call_of
from tests.telephony_app.recorded import SID, SOUND, recording_of


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """A storage of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    options = {"location": tmp_path}
    default = settings.STORAGES["default"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture
def reported(call: Call, account: TwilioAccount, twilio: Twilio) -> Recording:
    """A recording that Twilio has just told us of."""
    twilio.recordings[SID] = SOUND
    recording = recordings.reported(call, SID, seconds=5)
    assert recording
    return recording


def stored_files(files: Path) -> list[str]:
    """The names of all files."""
    return sorted(path.name for path in files.rglob("*") if path.is_file())


def age(recording: Recording, days: float) -> None:
    """Make a recording old."""
    then = timezone.now() - timedelta(days=days)
    Recording.objects.filter(pk=recording.pk).update(created_at=then)


def test_recording_is_stored_and_deleted_at_twilio(
    reported: Recording, twilio: Twilio
) -> None:
    recordings.fetch(reported.pk)
    reported.refresh_from_db()
    assert reported.file.read() == SOUND
    assert (reported.file.name[-4:], reported.problem) == (".mp3", "")
    assert twilio.recordings == {}


def test_both_voices_are_asked_for_apart(reported: Recording, twilio: Twilio) -> None:
    recordings.fetch(reported.pk)
    assert twilio.asked[0].path.endswith(f"{SID}.mp3?RequestedChannels=2")


def test_stored_recording_is_an_event_of_its_call(
    reported: Recording, call: Call
) -> None:
    recordings.fetch(reported.pk)
    event = call.events.get(kind=CallEvent.Kind.RECORDED)
    assert (event.source, event.detail) == ("twilio", "5 s")


def test_repeated_report_makes_no_second_row(reported: Recording, call: Call) -> None:
    assert recordings.reported(call, SID, seconds=5) is None
    assert Recording.objects.count() == 1


def test_recording_fetched_twice_is_stored_once(
    reported: Recording, files: Path
) -> None:
    for _ in range(2):
        recordings.fetch(reported.pk)
    assert stored_files(files) == [f"{SID}.mp3"]
    assert reported.call.events.filter(kind=CallEvent.Kind.RECORDED).count() == 1


def test_recording_stays_at_twilio_where_the_account_says_so(
    reported: Recording, twilio: Twilio
) -> None:
    TwilioAccount.objects.update(keeps_recordings=True)
    recordings.fetch(reported.pk)
    assert SID in twilio.recordings


def test_recording_deleted_while_it_is_fetched_leaves_no_file(
    reported: Recording, account: TwilioAccount, files: Path
) -> None:
    Recording.objects.all().delete()
    recordings._store(reported, account)
    assert stored_files(files) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"response": twilio_error(401, 20003, "Authenticate")}, "account's token"),
        ({"response": twilio_error(404, 20404, "Not found")}, "does not have this"),
        ({"response": twilio_error(500, 0, "Oops")}, "answered 500"),
    ],
)
def test_failure_is_told_in_the_row(
    reported: Recording, twilio: Twilio, fault: dict[str, Any], words: str
) -> None:
    twilio.fail(**fault)
    with pytest.raises(TwilioRefused):
        recordings.fetch(reported.pk)
    reported.refresh_from_db()
    assert words in reported.problem


def test_what_is_no_sound_is_not_stored(
    reported: Recording, twilio: Twilio, files: Path
) -> None:
    twilio.fail(twilio_error(200, 0, "<html>"))
    with pytest.raises(TwilioRefused, match="no sound, but application/json"):
        recordings.fetch(reported.pk)
    assert stored_files(files) == []


def test_endless_recording_is_cut_off(
    reported: Recording, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    monkeypatch.setattr("telephony_app.twilio.recordings.MOST_BYTES", 100)
    with pytest.raises(TwilioRefused, match="larger than"):
        recordings.fetch(reported.pk)
    assert stored_files(files) == []


def test_account_that_is_gone_is_told(reported: Recording) -> None:
    TwilioAccount.objects.all().delete()
    with pytest.raises(TwilioRefused, match="add it again"):
        recordings.fetch(reported.pk)


def test_passing_failure_is_tried_again(reported: Recording, twilio: Twilio) -> None:
    twilio.fail(twilio_error(503, 0, "Busy"), times=2)
    tasks.fetch_recording.apply([reported.pk])
    reported.refresh_from_db()
    assert reported.file and not reported.problem


def test_sound_that_twilio_would_not_delete_is_stored_and_told(
    reported: Recording, twilio: Twilio
) -> None:
    twilio.fail(twilio_error(401, 20003, "Authenticate"), method="DELETE")
    with pytest.raises(TwilioRefused):
        recordings.fetch(reported.pk)
    reported.refresh_from_db()
    assert reported.file
    assert "does not accept" in reported.problem


def test_lost_recordings_are_those_that_nobody_fetches(
    reported: Recording, call: Call
) -> None:
    recording_of(call)
    recording_of(call, sound=b"", problem="Twilio answered 500.")
    assert list(recordings.lost()) == []
    Recording.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert list(recordings.lost()) == [reported.pk]


def test_old_recordings_are_deleted_with_their_files(call: Call, files: Path) -> None:
    old, new = recording_of(call), recording_of(call)
    age(old, days=91)
    age(new, days=89)
    assert recordings.drop_outdated() == 1
    assert list(Recording.objects.all()) == [new]
    assert stored_files(files) == [f"{new.key}.mp3"]


def test_calls_and_what_was_said_stay_when_their_recordings_go(call: Call) -> None:
    age(recording_of(call), days=91)
    recordings.drop_outdated()
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
    recordings.drop_outdated()
    assert list(Recording.objects.all()) == [theirs]


def test_deletion_that_was_cut_short_is_done_by_the_next_night(
    call: Call, files: Path
) -> None:
    recording = recording_of(call)
    age(recording, days=91)
    recording.file.storage.delete(recording.file.name)
    assert recordings.drop_outdated() == 1
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
    assert recordings.sweep() == 1
    assert stored_files(files) == sorted([f"{kept.key}.mp3", "new.mp3"])
    assert default_storage.exists(new)


def test_sweeping_before_the_first_recording_finds_nothing() -> None:
    assert recordings.sweep() == 0
