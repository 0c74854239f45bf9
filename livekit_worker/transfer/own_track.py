"""A second voice of the agent's, beside the one that talks with the caller."""

import asyncio
from typing import Self

import numpy as np
from livekit import rtc

from livekit_worker.plan import Line
from livekit_worker.speech import audio as voice

RATE = 24_000
SUBSCRIBED_SECONDS = 3.0
# What Europe hears while it rings (ETSI TR 101 041-2), quietly; LiveKit's too.
RING_HERTZ, RING_SECONDS, PAUSE_SECONDS, RING_LOUDNESS = 425, 1.0, 4.0, 3000


class OwnTrack:
    """A track that is published while it is entered. `sid` names it."""

    def __init__(self, room: rtc.Room, name: str) -> None:
        self._room = room
        self._source = rtc.AudioSource(RATE, 1)
        self._track = rtc.LocalAudioTrack.create_audio_track(name, self._source)
        self.sid = ""

    async def __aenter__(self) -> Self:
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        participant = self._room.local_participant
        self._publication = await participant.publish_track(self._track, options)
        self.sid = self._publication.sid
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._room.isconnected():
            await self._room.local_participant.unpublish_track(self.sid)

    async def say(self, line: Line) -> None:
        """Play the line to its end, once somebody listens. Raises TimeoutError."""
        async with asyncio.timeout(SUBSCRIBED_SECONDS):
            await self._publication.wait_for_subscription()
        await self._play(line)
        await self._source.wait_for_playout()

    async def ring(self) -> None:
        """Sound like a telephone that rings, until cancelled."""
        while True:
            await self._play(ringing())

    async def _play(self, line: Line) -> None:
        async for frame in voice.frames(line):
            await self._source.capture_frame(frame)


def ringing() -> Line:
    """One ring and the pause after it."""
    times = np.arange(int(RATE * RING_SECONDS)) / RATE
    tone = RING_LOUDNESS * np.sin(2 * np.pi * RING_HERTZ * times)
    pause = np.zeros(int(RATE * PAUSE_SECONDS))
    sound = np.concatenate([tone, pause]).astype("<i2")
    return Line("", sound.tobytes(), RATE)
