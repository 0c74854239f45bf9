"""Recordings: fetched once, and deleted where they were made."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from telephony_app import tasks
from telephony_app.models import Call, CallEvent, Recording, TwilioAccount
from telephony_app.recordings import keeping as recordings
from telephony_app.twilio.rest import TwilioRefused
from tests.standins.twilio.rest import Twilio, twilio_error
from tests.telephony_app.recorded import SID, SOUND, recording_of, stored_files

pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def reported(call: Call, account: TwilioAccount, twilio: Twilio) -> Recording:
    """A recording that Twilio has just told us of."""
    twilio.recordings[SID] = SOUND
    recording = recordings.reported(call, SID, seconds=5)
    assert recording
    return recording


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
def test_failure_is_told_in_the_row_once_it_is_not_tried_again(
    reported: Recording, twilio: Twilio, fault: dict[str, Any], words: str
) -> None:
    twilio.fail(**fault, times=6)
    tasks.fetch_recording.apply([reported.pk])
    reported.refresh_from_db()
    assert words in reported.problem
    assert list(recordings.lost()) == []


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
    twilio.fail(twilio_error(401, 20003, "Authenticate"), method="DELETE", times=6)
    tasks.fetch_recording.apply([reported.pk])
    reported.refresh_from_db()
    assert reported.file and reported.is_due
    assert "does not accept" in reported.problem


def test_lost_recordings_are_those_that_nobody_fetches(
    reported: Recording, call: Call
) -> None:
    recording_of(call)
    recording_of(call, sound=b"", problem="Twilio answered 500.", is_due=True)
    assert list(recordings.lost()) == []
    Recording.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert list(recordings.lost()) == [reported.pk]


def test_task_that_was_killed_between_two_tries_is_sent_again(
    reported: Recording, twilio: Twilio
) -> None:
    twilio.fail(twilio_error(503, 0, "Busy"))
    with pytest.raises(TwilioRefused):
        recordings.fetch(reported.pk)
    Recording.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert list(recordings.lost()) == [reported.pk]


def test_task_that_was_killed_before_it_deleted_at_twilio_is_sent_again(
    reported: Recording, twilio: Twilio
) -> None:
    twilio.fail(twilio_error(503, 0, "Busy"), method="DELETE")
    with pytest.raises(TwilioRefused):
        recordings.fetch(reported.pk)
    Recording.objects.update(created_at=timezone.now() - timedelta(hours=1))
    [again] = recordings.lost()
    recordings.fetch(again)
    assert twilio.recordings == {}
    assert list(recordings.lost()) == []


def test_recording_that_was_deleted_meanwhile_is_no_mistake(db: None) -> None:
    recordings.fetch(7)
