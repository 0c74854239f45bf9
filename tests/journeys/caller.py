"""A caller in a browser's place: joins a room, speaks, types, hears.

It knows only what the voice session API answered, and it is synchronous: its room
lives on an event loop in a thread of its own.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from types import TracebackType
from typing import Any, Self

import numpy as np
from livekit import rtc

from agents_app.voices.espeak import speak
from tests.loop_thread import LoopThread

RATE = 24_000
# On which the library tells a remote control of its session, and takes its orders.
REMOTE_CONTROL = "lk.agent.session"
SAMPLES = RATE // 50
LOUD = 200.0
SILENCE = bytes(2 * SAMPLES)


class Caller:
    """One caller. Times are `time.monotonic()` seconds."""

    def __init__(self, session: Mapping[str, str]) -> None:
        self._session = session
        self._loop = LoopThread()
        self._room = self._loop.run(self._make_room())
        self._to_say: list[bytes] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.has_microphone = True
        self.joined_at = 0.0
        self.loud_at: list[float] = []
        self.words: list[str] = []
        self.told_as_remote_control: list[rtc.ByteStreamReader] = []
        self.is_connected = False

    def __enter__(self) -> Self:
        self._loop.run(self._join())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()
        self._loop.stop()

    def again(self) -> "Caller":
        """The same caller, connecting anew: LiveKit drops the older connection."""
        return Caller(self._session)

    def says(self, text: str) -> None:
        """Speak, in a synthetic voice."""
        pcm = speak(text, voice="Kore").pcm
        size = len(SILENCE)
        self._to_say += [
            pcm[i : i + size].ljust(size, b"\0") for i in range(0, len(pcm), size)
        ]

    def types(self, text: str) -> None:
        """Type a line, as in the page's text box, once there is an agent to read it."""
        self._wait(self._sees_an_agent, 20, "an agent")
        self._loop.run(self._room.local_participant.send_text(text, topic="lk.chat"))

    def orders(self, message: bytes) -> None:
        """Order something of the agent's session, as its remote control would."""
        send = self._room.local_participant.send_bytes
        self._loop.run(send(message, name="order", topic=REMOTE_CONTROL))

    def asks(self, text: str, answer: str, *, times: int = 3) -> None:
        """Speak, and again if it is answered by something else: a busy machine tears
        holes into the sound, as a bad line does."""
        for _ in range(times):
            before = len(self.words)
            self.says(text)
            self._wait(lambda b=before: len(self.words) > b, 20, f"words on {text!r}")
            self.hears_silence()
            if answer.lower() in " ".join(self.words[before:]).lower():
                return
        raise AssertionError(f"{text!r} brought no {answer!r}: {self.transcript!r}")

    def hears(self, words: str, *, seconds: float = 20) -> str:
        """Wait until the agent's transcript has these words; what was said in all."""
        self._wait(lambda: words.lower() in self.transcript.lower(), seconds, words)
        return self.transcript

    def hears_voice(self, *, since: float | None = None, seconds: float = 20) -> float:
        """Wait for sound of the agent after `since`; when it came."""
        start = self.joined_at if since is None else since
        self._wait(lambda: self._loud_after(start), seconds, "the agent's voice")
        return self._loud_after(start)[0]

    def hears_silence(self, *, length: float = 1.0, seconds: float = 20) -> None:
        """Wait until the agent has been silent this long."""
        quiet = lambda: time.monotonic() - max(self.loud_at, default=0) > length  # noqa: E731
        self._wait(quiet, seconds, "silence")

    def is_hung_up_on(self, *, seconds: float = 20) -> None:
        """Wait until the platform ends the call."""
        self._wait(lambda: not self.is_connected, seconds, "the end of the call")

    def hang_up(self) -> None:
        """Leave."""
        self._loop.run(self._leave())

    @property
    def transcript(self) -> str:
        """What the agent said, as its transcript tells."""
        return " ".join(self.words)

    def _sees_an_agent(self) -> bool:
        people = list(self._room.remote_participants.values())
        return any(p.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT for p in people)

    def _loud_after(self, start: float) -> list[float]:
        return [at for at in self.loud_at if at > start]

    def _wait(self, condition: Callable[[], Any], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, (
                f"Waited {seconds} s for {what!r}. Heard so far: {self.transcript!r}"
            )
            time.sleep(0.02)

    async def _make_room(self) -> rtc.Room:
        return rtc.Room()

    async def _join(self) -> None:
        self._room.on("track_subscribed", self._on_track)
        self._room.on("disconnected", self._on_disconnected)
        self._room.register_text_stream_handler("lk.transcription", self._on_words)
        self._room.register_byte_stream_handler(
            REMOTE_CONTROL, lambda reader, _: self.told_as_remote_control.append(reader)
        )
        await self._room.connect(self._session["url"], self._session["token"])
        self.joined_at = time.monotonic()
        self.is_connected = True
        if self.has_microphone:
            await self._open_microphone()

    async def _open_microphone(self) -> None:
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await self._room.local_participant.publish_track(track, options)
        self._keep(self._speak_forever(source))

    async def _leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._room.disconnect()

    async def _speak_forever(self, source: rtc.AudioSource) -> None:
        while True:
            frame = self._to_say.pop(0) if self._to_say else SILENCE
            await source.capture_frame(rtc.AudioFrame(frame, RATE, 1, SAMPLES))

    def _on_track(self, track: rtc.Track, *_: object) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._keep(self._listen(track))

    async def _listen(self, track: rtc.Track) -> None:
        async for event in rtc.AudioStream(track, loop=self._loop.loop):
            samples = np.frombuffer(event.frame.data, dtype=np.int16)
            if np.sqrt(np.mean(samples.astype(np.float64) ** 2)) > LOUD:
                self.loud_at.append(time.monotonic())

    def _on_words(self, reader: rtc.TextStreamReader, identity: str) -> None:
        if identity != self._room.local_participant.identity:
            self._keep(self._read(reader))

    async def _read(self, reader: rtc.TextStreamReader) -> None:
        place = len(self.words)
        self.words.append("")
        async for chunk in reader:
            self.words[place] += chunk

    def _on_disconnected(self, *_: object) -> None:
        self.is_connected = False

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(self._loop.loop.create_task(work))
