"""The file of a recording: Ogg Opus in stereo, whole up to the last second however its
writer ends."""

import fcntl
from pathlib import Path

import av
import numpy as np

from livekit_worker.recording.channel import Samples

RATE = 24_000
# Two voices; 4 KB a second.
BITS_PER_SECOND = 32_000
# Each second is a page of its own (RFC 3533), and goes to the disk at once.
PAGES = {"page_duration": "1000000", "flush_packets": "1"}


class OggFile:
    """A recording that is being written; while it is, its file is locked.

    Raises OSError when it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._container = av.open(
            self._file, "w", format="ogg", options=PAGES, buffer_size=4096
        )
        self._stream = self._container.add_stream(
            "libopus", rate=RATE, layout="stereo", options={"application": "voip"}
        )
        self._stream.bit_rate = BITS_PER_SECOND

    def write(self, left: Samples, right: Samples) -> None:
        """Add the next samples of both sides, equally many."""
        if not len(left):
            return
        both = np.stack([left, right], axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate = RATE
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write the rest."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self._file.close()


def seconds_of(path: Path) -> int:
    """How long a recording lasts; 0 for one that was never begun."""
    try:
        with av.open(path) as container:
            return round((container.duration or 0) / av.time_base)
    except (av.FFmpegError, OSError):
        return 0
