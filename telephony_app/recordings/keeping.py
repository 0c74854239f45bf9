"""Recordings: fetched from Twilio, who made them, and stored."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta

from django.core.files import File
from django.utils import timezone

from telephony_app.calls.lifecycle import record
from telephony_app.duration import in_words
from telephony_app.models import Call, CallEvent, Recording, TwilioAccount
from telephony_app.twilio import recordings as at_twilio
from telephony_app.twilio.rest import account_of

# A task that was sent this long ago and told nothing is lost; it tries for 11 minutes.
LOST_AFTER = timedelta(minutes=20)
LONGEST_PROBLEM = 300


def reported(call: Call, sid: str, *, seconds: int) -> Recording | None:
    """Take note that Twilio has a recording of the call; None for a repeated report."""
    source = Recording.Source.TWILIO
    recording, is_new = Recording.objects.get_or_create(
        key=sid,
        defaults={"call": call, "source": source, "seconds": seconds, "is_due": True},
    )
    return recording if is_new else None


def fetch(recording_id: int) -> None:
    """Store what Twilio recorded, and delete it there; may run again without harm.

    Raises `TwilioRefused` and `OSError`.
    """
    for row in Recording.objects.select_related("call").filter(pk=recording_id):
        account = account_of(row.call.organization_id)
        if not row.file:
            _store(row, account)
        if not account.keeps_recordings:
            at_twilio.delete(account, row.key)
        Recording.objects.filter(pk=row.pk).update(problem="", is_due=False)


def give_up(recording_id: int, why: str) -> None:
    """Tell in the row why nobody tries to fetch it any more, until somebody asks."""
    Recording.objects.filter(pk=recording_id).update(problem=why[:LONGEST_PROBLEM])


def _store(row: Recording, account: TwilioAccount) -> None:
    with tempfile.TemporaryFile() as sound:
        ending = at_twilio.fetch(account, row.key, sound)
        sound.seek(0)
        path = row.file.field.generate_filename(row, f"{row.key}.{ending}")
        name = row.file.storage.save(path, File(sound))
    if Recording.objects.filter(pk=row.pk, file="").update(file=name):
        stored(row)
    else:  # deleted meanwhile, or stored by another task
        row.file.storage.delete(name)


def stored(recording: Recording) -> None:
    """Note among the call's events that its sound can be played."""
    record(
        recording.call,
        CallEvent.Kind.RECORDED,
        source=recording.source,
        key=f"recorded:{recording.key}",
        detail=in_words(recording.seconds or 0),
    )


def lost() -> Iterator[int]:
    """Recordings that nobody is fetching any more, by their ids; those at Twilio that
    were stored here already are still to be deleted there."""
    waiting = Recording.objects.filter(is_due=True, problem="")
    old = waiting.filter(created_at__lt=timezone.now() - LOST_AFTER)
    return old.values_list("pk", flat=True).iterator()
