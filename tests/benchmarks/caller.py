"""A caller: joins a room, listens to the agent, types and speaks.

Times are of the monotonic clock, in seconds.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from typing import Self

import numpy as np
from livekit import rtc

from agents_app.voices.espeak import speak

LOUD_RMS = 200.0
RATE = 24_000
FRAME_SAMPLES = RATE // 50
SILENCE_SAMPLES = RATE // 10
EAR_FRAME_MS = 20
QUIET_SECONDS = 0.4
LISTEN_SECONDS = 10.0


class NoAnswer(Exception):
    """The agent stayed silent; the text says where."""


def is_loud(pcm: bytes) -> bool:
    """Whether a person would hear something in these 16-bit samples."""
    samples = np.frombuffer(pcm, dtype=np.int16).astype(np.float32)
    return float(np.sqrt(np.mean(samples * samples))) > LOUD_RMS


class Ear:
    """Knows when the agent was last loud, and tells when it is next."""

    def __init__(self) -> None:
        self.loud_at = 0.0
        self._waiting: list[asyncio.Future[float]] = []

    def hear(self, pcm: bytes) -> None:
        """One frame, the moment it comes."""
        if is_loud(pcm):
            self.loud_at = time.monotonic()
            for waiting in self._waiting:
                if not waiting.done():
                    waiting.set_result(self.loud_at)
            self._waiting.clear()

    async def next_sound(self, where: str) -> float:
        """When the agent is loud next; raises `NoAnswer` after ten seconds."""
        sound: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append(sound)
        try:
            return await asyncio.wait_for(sound, LISTEN_SECONDS)
        except TimeoutError as error:
            raise NoAnswer(f"Nothing was heard from the agent: {where}.") from error


class Microphone:
    """Sends 20 ms at a time when there is something to say, else 100 ms of silence:
    callers share the machine with what is measured, so they must cost little."""

    def __init__(self) -> None:
        self._source = rtc.AudioSource(RATE, 1, queue_size_ms=200)
        self._frames: deque[bytes] = deque()
        self._said = asyncio.Event()

    def track(self) -> rtc.LocalAudioTrack:
        """The track to publish."""
        return rtc.LocalAudioTrack.create_audio_track("microphone", self._source)

    async def run(self) -> None:
        """Send until cancelled; the source sets the pace."""
        silence = bytes(2 * SILENCE_SAMPLES)
        while True:
            chunk = self._frames.popleft() if self._frames else silence
            frame = rtc.AudioFrame(chunk, RATE, 1, len(chunk) // 2)
            await self._source.capture_frame(frame)
            if not self._frames:
                self._said.set()

    async def say(self, words: str) -> float:
        """Speak; when the last loud sample left."""
        self._frames.extend(spoken_frames(words))
        self._said.clear()
        await self._said.wait()
        return time.monotonic() + self._source.queued_duration


def spoken_frames(words: str) -> list[bytes]:
    """The words as sound, from the first loud frame to the last."""
    pcm, size = speak(words).pcm, 2 * FRAME_SAMPLES
    frames = [pcm[at : at + size] for at in range(0, len(pcm) - size + 1, size)]
    loud = [number for number, frame in enumerate(frames) if is_loud(frame)]
    return frames[loud[0] : loud[-1] + 1]


class Caller:
    """Somebody in a room with an agent."""

    def __init__(self) -> None:
        self.ear = Ear()
        self.microphone = Microphone()
        self.asked_at = self.joined_at = 0.0
        self._room = rtc.Room()
        self._tasks: list[asyncio.Task[None]] = []
        self._room.on("track_subscribed", self._on_track)

    async def join(self, url: str, token: str) -> Self:
        """Enter, and hold the line open with a silent microphone."""
        await self._room.connect(url, token)
        self.joined_at = time.monotonic()
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        publishing = self._room.local_participant.publish_track(
            self.microphone.track(), options
        )
        self._keep(self.microphone.run())
        await publishing
        return self

    async def type(self, words: str) -> float:
        """Send a typed line; when it was sent."""
        sent = time.monotonic()
        await self._room.local_participant.send_text(words, topic="lk.chat")
        return sent

    async def say(self, words: str) -> float:
        """Speak; when the last loud sample left."""
        return await self.microphone.say(words)

    async def turn_comes(self) -> None:
        """Wait until the agent has finished and listens; raises `NoAnswer`."""
        try:
            async with asyncio.timeout(2 * LISTEN_SECONDS):
                while not (self._agent_listens() and self._is_quiet()):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        except TimeoutError as error:
            raise NoAnswer("The agent never came to listen.") from error

    def _agent_listens(self) -> bool:
        people = self._room.remote_participants.values()
        return any(p.attributes.get("lk.agent.state") == "listening" for p in people)

    def _is_quiet(self) -> bool:
        return time.monotonic() - self.ear.loud_at > QUIET_SECONDS

    async def leave(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await self._room.disconnect()

    def _on_track(self, track: rtc.Track, *_: object) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, frame_size_ms=EAR_FRAME_MS)
        self._keep(self._listen(stream))

    async def _listen(self, stream: rtc.AudioStream) -> None:
        async for event in stream:
            self.ear.hear(bytes(event.frame.data))

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(asyncio.create_task(work))
