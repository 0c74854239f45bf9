"""Twilio tells of a recording: a row, and a task that fetches it."""

import pytest

from sealed.handle import Sealed
from telephony_app.models import Call, Recording, TwilioAccount
from tests.telephony_app.posting import CALL_SID, Post, post
from tests.telephony_app.recorded import SID

__all__ = ["post"]
MADE = {
    "RecordingSid": SID,
    "RecordingStatus": "completed",
    "RecordingDuration": "72",
}


@pytest.fixture(autouse=True)
def dialled(call: Call, account: TwilioAccount) -> Call:
    """Ava's call, as one that Twilio knows."""
    Call.objects.filter(pk=call.pk).update(call_sid=CALL_SID)
    return call


def test_recording_is_noted_once(post: Post, call: Call) -> None:
    for _ in range(2):
        assert post("recording", MADE).status == 200
    [recording] = Recording.objects.all()
    assert (recording.call, recording.key, recording.seconds) == (call, SID, 72)


def test_forged_report_is_refused(post: Post) -> None:
    assert post("recording", MADE, token="f0" * 16).status == 403
    assert not Recording.objects.exists()


def test_call_that_nobody_knows_is_no_error(post: Post) -> None:
    assert post("recording", MADE | {"CallSid": "CA" + "3c" * 16}).names == []
    assert not Recording.objects.exists()


def test_recording_that_came_to_nothing_is_no_row(post: Post) -> None:
    assert post("recording", MADE | {"RecordingStatus": "absent"}).names == []
    assert not Recording.objects.exists()


@pytest.mark.parametrize("name", ["recording", "status"])
def test_report_that_breaks_is_an_error_so_that_twilio_tells_it_again(
    post: Post, account: TwilioAccount, name: str
) -> None:
    account.secrets = Sealed("sealed with a lost key")  # type: ignore[assignment]
    account.save()
    assert post(name, MADE).status == 500
