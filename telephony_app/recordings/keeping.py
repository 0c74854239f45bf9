"""Recordings: fetched from who made them, kept for a time, deleted."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from django.core.files import File
from django.core.files.storage import Storage
from django.db.models import Q
from django.utils import timezone

from telephony_app.calls.lifecycle import record
from telephony_app.duration import in_words
from telephony_app.models import (
    Call,
    CallEvent,
    CallingPolicy,
    Recording,
    TwilioAccount,
)
from telephony_app.twilio import recordings as at_twilio
from telephony_app.twilio.rest import TwilioRefused

FOLDER = "recordings"
KEPT_DAYS: int = CallingPolicy._meta.get_field("recordings_days").get_default()
# A task that was sent this long ago and told nothing is lost.
LOST_AFTER = timedelta(minutes=10)
# A file is written before its row knows of it.
STRAY_AFTER = timedelta(days=1)
NO_ACCOUNT = "The organization has no Twilio account here any more: add it again."


def reported(call: Call, sid: str, *, seconds: int) -> Recording | None:
    """Take note that Twilio has a recording of the call; None for a repeated report."""
    recording, is_new = Recording.objects.get_or_create(
        key=sid,
        defaults={"call": call, "source": Recording.Source.TWILIO, "seconds": seconds},
    )
    return recording if is_new else None


def fetch(recording_id: int) -> None:
    """Store what Twilio recorded, and delete it there; may run again without harm.

    Raises `TwilioRefused` and `OSError`, with their words in the row.
    """
    row = Recording.objects.select_related("call__organization").get(pk=recording_id)
    this = Recording.objects.filter(pk=recording_id)
    try:
        account = _account(row)
        if not row.file:
            _store(row, account)
        if not account.keeps_recordings:
            at_twilio.delete(account, row.key)
    except (TwilioRefused, OSError) as error:
        this.update(problem=str(error)[:300])
        raise
    this.update(problem="")


def _account(row: Recording) -> TwilioAccount:
    owned = TwilioAccount.objects.filter(organization=row.call.organization)
    if account := owned.first():
        return account
    raise TwilioRefused(NO_ACCOUNT)


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
    """Recordings that nobody is fetching any more, by their ids."""
    waiting = Recording.objects.filter(
        source=Recording.Source.TWILIO, file="", problem=""
    )
    old = waiting.filter(created_at__lt=timezone.now() - LOST_AFTER)
    return old.values_list("pk", flat=True).iterator()


def drop(recording: Recording) -> None:
    """Delete the sound, then its row: what is cut short is done by the next one."""
    if recording.file:
        recording.file.delete(save=False)
    recording.delete()


def drop_outdated() -> int:
    """Delete what is older than its organization keeps recordings; how many."""
    count = 0
    for outdated in _outdated():
        for recording in Recording.objects.filter(outdated).iterator():
            drop(recording)
            count += 1
    return count


def _outdated() -> Iterator[Q]:
    """What to delete: one condition for each number of days, one for the default."""
    rows = CallingPolicy.objects.order_by("recordings_days", "pk")
    policies = list(rows.values_list("recordings_days", "organization_id"))
    for days, group in groupby(policies, key=lambda policy: policy[0]):
        theirs = Q(call__organization__in=[organization for _, organization in group])
        yield theirs & _older(days)
    yield Q(call__organization__calling_policy=None) & _older(KEPT_DAYS)


def _older(days: int) -> Q:
    return Q(created_at__lt=timezone.now() - timedelta(days=days))


def sweep() -> int:
    """Delete files that belong to no recording; how many there were."""
    storage = Recording._meta.get_field("file").storage
    strays = [path for folder in _folders(storage) for path in _strays(storage, folder)]
    for path in strays:
        storage.delete(path)
    return len(strays)


def _folders(storage: Storage) -> Iterator[str]:
    """`recordings/2026/03` and its like."""
    try:
        years, _ = storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for year in years:
        months, _ = storage.listdir(f"{FOLDER}/{year}")
        yield from (f"{FOLDER}/{year}/{month}" for month in months)


def _strays(storage: Storage, folder: str) -> Iterator[str]:
    known = Recording.objects.filter(file__startswith=f"{folder}/")
    names = set(known.values_list("file", flat=True))
    _, files = storage.listdir(folder)
    for path in (f"{folder}/{name}" for name in files):
        if path not in names and _is_settled(storage, path):
            yield path


def _is_settled(storage: Storage, path: str) -> bool:
    return storage.get_modified_time(path) < timezone.now() - STRAY_AFTER
