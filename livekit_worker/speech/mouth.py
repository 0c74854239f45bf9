"""The agent's voice in the room."""

import time

from livekit import rtc
from livekit.agents.voice.room_io._output import _ParticipantAudioOutput

from livekit_worker.recording.recorder import Recorder

SAMPLE_RATE = 24_000


class Mouth(_ParticipantAudioOutput):
    """The agent's voice, to be published before the caller comes.

    Left to itself the session publishes only once a caller is there, and the caller
    waits for that negotiation on top of the own one: 50 to 150 ms of silence.
    """

    def __init__(self, room: rtc.Room, recorder: Recorder | None = None) -> None:
        microphone = rtc.TrackSource.SOURCE_MICROPHONE
        super().__init__(
            room,
            sample_rate=SAMPLE_RATE,
            num_channels=1,
            track_publish_options=rtc.TrackPublishOptions(source=microphone),
        )
        self._sounds_until = time.monotonic()
        self._recorder = recorder

    @property
    def quiet_seconds(self) -> float:
        """How long ago the last sound it was given was over; 0 while one lasts."""
        return max(0.0, time.monotonic() - self._sounds_until)

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        begins = max(time.monotonic(), self._sounds_until)
        self._sounds_until = begins + frame.duration
        if self._recorder:
            self._recorder.hear_agent(frame, begins)

    def clear_buffer(self) -> None:
        super().clear_buffer()
        self._sounds_until = min(self._sounds_until, time.monotonic())
        if self._recorder:
            self._recorder.cut_agent()
