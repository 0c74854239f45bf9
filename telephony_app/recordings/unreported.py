"""Recordings that Twilio made, and whose report did not reach us."""

import logging
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from telephony_app.models import Call, CallEvent, State
from telephony_app.recordings.keeping import reported
from telephony_app.twilio import recordings as at_twilio
from telephony_app.twilio.rest import TwilioRefused, account_of

logger = logging.getLogger(__name__)

# Twilio tells within seconds of the end. Longer than a call may last, and than a look
# is from the next.
REPORTED_WITHIN, LOOKED_BACK = timedelta(minutes=15), timedelta(hours=6)
# Each is a request to Twilio.
MOST = 100


def note_unreported() -> Iterator[int]:
    """Take note of what Twilio has of calls that should have a recording and do not;
    gives the ids of the new ones."""
    for call in _without_recording()[:MOST]:
        try:
            yield from _noted(call)
        except TwilioRefused as refused:
            logger.warning("no look for recordings of call %s: %s", call.pk, refused)


def _without_recording() -> QuerySet[Call]:
    """Where recordings stay at Twilio, nobody has to see that they leave it; one that
    was stored here and deleted shall not come back."""
    now = timezone.now()
    ended = Call.objects.filter(
        direction=Call.Direction.INBOUND,
        state=State.ENDED,
        created_at__gt=now - LOOKED_BACK,
        ended_at__lt=now - REPORTED_WITHIN,
        answered_at__isnull=False,
        call_sid__isnull=False,
    )
    recorded = ended.filter(
        version__raw_config__record_calls=True,
        organization__twilio_account__keeps_recordings=False,
    )
    never_here = recorded.filter(recordings=None)
    return never_here.exclude(events__kind=CallEvent.Kind.RECORDED)


def _noted(call: Call) -> Iterator[int]:
    account = account_of(call.organization_id)
    for made in at_twilio.made_of(account, str(call.call_sid)):
        if recording := reported(call, made.sid, seconds=made.seconds):
            logger.warning("call %s has a recording that was not reported", call.pk)
            yield recording.pk
