"""Celery's broker on one machine: a folder, in which every message is a file.

kombu's own (`kombu.transport.filesystem`) makes a message's file and then writes it: a
reader in between takes an empty one, and the worker ends with all that runs beside it.
"""

import os
import uuid
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A message is there as a whole, or not at all."""

    def _put(  # type: ignore[override]
        self, queue: str, payload: dict[str, Any], **_: Any
    ) -> None:
        folder = Path(self.data_folder_out)
        # Messages are read in the order of their names, by the ending of their queue.
        name = f"{monotonic_ns():020}_{uuid.uuid4()}"
        unfinished = folder / f"{name}.part"
        unfinished.write_text(dumps(payload))
        os.replace(unfinished, folder / f"{name}.{queue}.msg")


class Transport(filesystem.Transport):
    """The broker with these messages; choose it by `CELERY_BROKER_TRANSPORT`."""

    Channel = Channel
