"""Recordings that were kept long enough: deleted here, and where they were made."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from django.core.files.storage import Storage
from django.db.models import Q
from django.utils import timezone

from telephony_app.models import CallingPolicy, Recording
from telephony_app.recordings.keeping import give_up
from telephony_app.twilio import recordings as at_twilio
from telephony_app.twilio.rest import TwilioRefused, account_of

logger = logging.getLogger(__name__)

FOLDER = "recordings"
KEPT_DAYS: int = CallingPolicy._meta.get_field("recordings_days").get_default()
# A file is written before its row knows of it.
STRAY_AFTER = timedelta(days=1)


def drop(recording: Recording) -> None:
    """Delete the sound, then its row: what is cut short is done by the next one.

    Raises `OSError` where the file cannot be deleted.
    """
    if recording.is_due:
        _drop_at_twilio(recording)
    if recording.file:
        recording.file.delete(save=False)
    recording.delete()


def _drop_at_twilio(recording: Recording) -> None:
    try:
        account = account_of(recording.call.organization_id)
        if not account.keeps_recordings:
            at_twilio.delete(account, recording.key)
    except TwilioRefused as refused:
        logger.warning("recording %s stays at Twilio: %s", recording.key, refused)


def drop_outdated() -> int:
    """Delete what is older than its organization keeps recordings; how many."""
    return sum(
        _is_dropped(recording)
        for outdated in _outdated()
        for recording in Recording.objects.filter(outdated).iterator()
    )


def _is_dropped(recording: Recording) -> bool:
    """Whether it is gone now; of one that is not, its row tells why."""
    try:
        drop(recording)
    except OSError as error:
        logger.exception("recording %s could not be deleted", recording.pk)
        give_up(recording.pk, f"It could not be deleted: {error.strerror}.")
        return False
    return True


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
    return sum(_is_deleted(storage, path) for path in strays)


def _is_deleted(storage: Storage, path: str) -> bool:
    try:
        storage.delete(path)
    except OSError:
        logger.exception("%s belongs to no recording and could not be deleted", path)
        return False
    return True


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
