"""Recordings whose report was lost are found at Twilio."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agents_app.models import Agent
from telephony_app import tasks
from telephony_app.models import Call, CallEvent, Recording, State, TwilioAccount
from telephony_app.recordings.unreported import note_unreported
from tests.standins.twilio.recordings import made
from tests.standins.twilio.rest import Twilio, twilio_error
from tests.telephony_app.conftest import call_of
from tests.telephony_app.posting import CALL_SID
from tests.telephony_app.recorded import SID, SOUND, recording_of

pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def unheard(agent: Agent, account: TwilioAccount, twilio: Twilio) -> Call:
    """A call that Twilio recorded, of which nobody told us, over for half an hour."""
    agent.record_calls = True
    agent.save()
    agent.publish()
    ago = timezone.now() - timedelta(minutes=30)
    twilio.recordings[SID] = SOUND
    twilio.made[SID] = made(CALL_SID, "72")
    return call_of(
        agent,
        direction=Call.Direction.INBOUND,
        call_sid=CALL_SID,
        state=State.ENDED,
        created_at=ago - timedelta(minutes=1),
        answered_at=ago - timedelta(minutes=1),
        ended_at=ago,
    )


def test_recording_that_was_not_reported_is_fetched(
    unheard: Call, twilio: Twilio, at_once: None
) -> None:
    tasks.fetch_unreported_recordings()
    [recording] = unheard.recordings.all()
    assert (recording.key, recording.seconds) == (SID, 72)
    assert recording.file.read() == SOUND
    assert twilio.recordings == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"ended_at": timezone.now()},
        {"created_at": timezone.now() - timedelta(days=1)},
        {"answered_at": None},
        {"call_sid": None},
        {"version": None},
    ],
)
def test_call_that_has_no_recording_to_be_found_costs_no_request(
    unheard: Call, twilio: Twilio, fields: dict[str, Any]
) -> None:
    Call.objects.update(**fields)
    assert list(note_unreported()) == []
    assert twilio.asked == []


def test_recordings_that_stay_at_twilio_are_not_looked_for(
    unheard: Call, twilio: Twilio
) -> None:
    TwilioAccount.objects.update(keeps_recordings=True)
    assert list(note_unreported()) == []
    assert twilio.asked == []


def test_recording_that_is_here_or_was_is_not_looked_for(
    unheard: Call, twilio: Twilio
) -> None:
    recording_of(unheard)
    unheard.events.create(
        kind=CallEvent.Kind.RECORDED, source="twilio", dedupe_key="1", at=timezone.now()
    )
    assert list(note_unreported()) == []
    Recording.objects.all().delete()
    assert list(note_unreported()) == []
    assert twilio.asked == []


def test_account_that_twilio_refuses_stops_no_other(
    unheard: Call, twilio: Twilio
) -> None:
    twilio.fail(twilio_error(401, 20003, "Authenticate"))
    assert list(note_unreported()) == []
