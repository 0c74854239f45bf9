"""Twilio tells of a recording: a row, and a task that fetches it."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from telephony_app.models import Call, Recording, TwilioAccount
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN
from tests.standins.twilio_webhooks import Webhooks
from tests.telephony_app.recorded import SID, account

__all__ = ["account"]
PATH = "/api/v1/voice/twilio/recording"
CALL_SID = "CA" + "2b" * 16


@pytest.fixture(autouse=True)
def dialled(call: Call, account: TwilioAccount) -> Call:
    """Ava's call, as one that Twilio knows."""
    Call.objects.filter(pk=call.pk).update(call_sid=CALL_SID)
    return call


def report(client: Client, settings: Any, token: str = AUTH_TOKEN, **more: str) -> int:
    """Send the webhook; the status of the answer."""
    form = {
        "AccountSid": ACCOUNT_SID,
        "CallSid": CALL_SID,
        "RecordingSid": SID,
        "RecordingStatus": "completed",
        "RecordingDuration": "72",
    } | more
    headers = Webhooks(ACCOUNT_SID, token).headers(
        settings.PUBLIC_BASE_URL + PATH, form
    )
    content_type = "application/x-www-form-urlencoded"
    answer = client.post(PATH, urlencode(form), content_type, headers=headers)
    return answer.status_code


def test_recording_is_noted_once(client: Client, settings: Any, call: Call) -> None:
    for _ in range(2):
        assert report(client, settings) == 200
    [recording] = Recording.objects.all()
    assert (recording.call, recording.key, recording.seconds) == (call, SID, 72)


def test_forged_report_is_refused(client: Client, settings: Any) -> None:
    assert report(client, settings, token="f0" * 16) == 403
    assert not Recording.objects.exists()


def test_call_that_nobody_knows_is_no_error(client: Client, settings: Any) -> None:
    assert report(client, settings, CallSid="CA" + "3c" * 16) == 200
    assert not Recording.objects.exists()


def test_recording_that_came_to_nothing_is_no_row(
    client: Client, settings: Any
) -> None:
    assert report(client, settings, RecordingStatus="absent") == 200
    assert not Recording.objects.exists()
