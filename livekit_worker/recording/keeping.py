"""From the file of a worker to the recording of a call.

A recording is written into a folder of the worker's machine; when its call is over it
goes into the storage. What a dead job left there is found by the next look.
"""

import asyncio
import fcntl
import logging
import os
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files import File

from livekit_worker.orm import beside_database
from livekit_worker.recording.ogg import seconds_of
from telephony_app.calls.lifecycle import record
from telephony_app.models import Call, CallEvent, Recording

logger = logging.getLogger(__name__)

LOOK_SECONDS = 15.0
# A call's id has no such mark, a job's id has.
BETWEEN = "_"


def folder() -> Path:
    """Where recordings are written, for their owner's eyes."""
    place = settings.STATE_DIR / "recordings"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def file_of(call_id: uuid.UUID, job_id: str) -> Path:
    """The file into which this job records this call."""
    return folder() / f"{call_id}{BETWEEN}{job_id}.ogg"


def keep(path: Path) -> bool:
    """Store a recording and remove its file; False while somebody still writes it.

    Raises what database or storage raise; the file stays for another try.
    """
    with path.open("rb") as sound:
        try:
            fcntl.flock(sound, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # Another one may have stored it since it was opened.
        if path.exists() and os.path.getsize(path):
            _store(path, File(sound))
        path.unlink(missing_ok=True)
    return True


def _store(path: Path, sound: "File[bytes]") -> None:
    call_id, _, job_id = path.stem.partition(BETWEEN)
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        return
    made = {"call": call, "source": Recording.Source.WORKER}
    row, _ = Recording.objects.get_or_create(key=job_id, defaults=made)
    if not row.file:
        row.seconds = seconds_of(path)
        row.file.save(f"{call_id}.ogg", sound)
    key = f"{job_id}:recorded"
    record(call, CallEvent.Kind.RECORDED, source="worker", key=key)


def keep_left_behind() -> None:
    """Store what dead jobs left here, and what could not be stored at its time."""
    for path in _left_behind():
        try:
            keep(path)
        except FileNotFoundError:
            continue
        except Exception as error:  # noqa: BLE001  one that cannot be kept, not all
            logger.error("%s is not stored yet: %s", path.name, type(error).__name__)


def _left_behind() -> list[Path]:
    """The files there are; a disk that is gone may be back at the next look."""
    try:
        return list(folder().glob("*.ogg"))
    except OSError as error:
        logger.error("no look for recordings left behind: %s", error)
        return []


async def look_after_recordings() -> None:
    """Look for what was left behind, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await beside_database(keep_left_behind)
