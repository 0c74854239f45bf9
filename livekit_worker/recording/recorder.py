"""Recording a call while it lasts: the caller on the left, the agent on the right."""

import asyncio
import logging
import time
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
from livekit import rtc
from livekit.agents.voice.io import AudioInput

from livekit_worker.recording.channel import Channel, Samples
from livekit_worker.recording.ogg import RATE, OggFile

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
# Sound may come this much late and still find its place.
LATE_SECONDS = 0.5
# A stream whose frames come a little early or late goes on without a seam.
JITTER_SECONDS = 0.2


class Recorder:
    """Places what both sides say on one timeline and writes it every second.

    Both sides come in mono and at `RATE`. A disk that fails ends the recording, never
    the call.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._caller, self._agent = Channel(), Channel()
        self._caller_next = 0
        self._written = 0
        self._began = time.monotonic()
        self._over = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin the recording."""
        self._began = time.monotonic()
        self._writing = asyncio.create_task(self._write_all(), name="recorder")

    def overhear(self, source: AudioInput) -> AudioInput:
        """The caller's sound, on its way past the recorder."""
        return _Overheard(source, self)

    def hear_caller(self, frame: rtc.AudioFrame) -> None:
        """Take what the caller said just now."""
        start = self._place_of(time.monotonic()) - frame.samples_per_channel
        if abs(start - self._caller_next) < JITTER_SECONDS * RATE:
            start = self._caller_next
        self._caller.place(start, _samples(frame))
        self._caller_next = start + frame.samples_per_channel

    def hear_agent(self, frame: rtc.AudioFrame, at: float) -> None:
        """Take what the agent says from this moment (`time.monotonic`) on."""
        self._agent.place(self._place_of(at), _samples(frame))

    def cut_agent(self) -> None:
        """The agent was interrupted: what it would say from now on is not heard."""
        self._agent.cut(self._place_of(time.monotonic()))

    async def aclose(self) -> None:
        """Write the rest."""
        self._over.set()
        if self._writing:
            await self._writing

    async def _write_all(self) -> None:
        try:
            file = await asyncio.to_thread(OggFile, self.path)
            while not self._over.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), EVERY_SECONDS)
                await asyncio.to_thread(file.write, *self._take())
            await asyncio.to_thread(file.close)
        except (OSError, av.FFmpegError) as error:
            logger.error("the recording ends here: %s", type(error).__name__)

    def _take(self) -> tuple[Samples, Samples]:
        """Both sides since the last time, up to what may still come late."""
        late = 0 if self._over.is_set() else LATE_SECONDS
        start = self._written
        end = max(start, self._place_of(time.monotonic() - late))
        self._written = end
        return self._caller.take(start, end), self._agent.take(start, end)

    def _place_of(self, moment: float) -> int:
        return round((moment - self._began) * RATE)


class _Overheard(AudioInput):
    def __init__(self, source: AudioInput, recorder: Recorder) -> None:
        super().__init__(label="recorder", source=source)
        self._recorder = recorder

    async def __anext__(self) -> rtc.AudioFrame:
        frame = await super().__anext__()
        self._recorder.hear_caller(frame)
        return frame


def _samples(frame: rtc.AudioFrame) -> Samples:
    return np.frombuffer(frame.data, dtype=np.int16).copy()
