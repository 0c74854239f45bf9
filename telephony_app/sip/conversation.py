"""What a person does in a call: speak, press keys, listen, wait."""

import bisect
import time
from collections.abc import Callable

from telephony_app.sip.audio import Audio
from telephony_app.sip.recording import Recording

SECONDS = 20.0


class Conversation:
    """Sound and keys of one call. All times are milliseconds since it began; whoever
    waits in vain, or when the call is over, gets a TimeoutError."""

    audio: Audio

    def __init__(self) -> None:
        self._began = 0.0
        self.ringing_at: float | None = None
        self.answered_at: float | None = None
        self.ended_at: float | None = None

    def begin(self) -> None:
        """Start the call's clock."""
        self._began = time.monotonic()

    @property
    def timings(self) -> dict[str, float | None]:
        """When each thing happened first; None for what did not."""
        return {
            "ringing": self.ringing_at,
            "answered": self.answered_at,
            "first_rtp": self.first_rtp_at,
            "first_voice": self.first_voice_at,
            "last_voice": self.last_voice_at,
            "ended": self.ended_at,
        }

    @property
    def now(self) -> float:
        """How old the call is."""
        return self._clock(time.monotonic())

    @property
    def recording(self) -> Recording:
        """What was heard."""
        return self.audio.recording

    @property
    def digits(self) -> str:
        """The keys that the other side pressed."""
        return self.audio.keypad.pressed

    @property
    def first_rtp_at(self) -> float | None:
        """When the first sound came, silence included."""
        first = self.recording.first_at
        return None if first is None else self._clock(first)

    @property
    def first_voice_at(self) -> float | None:
        """When the first loud sound came."""
        return self._clock(loud[0]) if (loud := self.recording.loud_at) else None

    @property
    def last_voice_at(self) -> float | None:
        """When the last loud sound came."""
        loud = self.recording.loud_at
        return self._clock(loud[-1]) if loud else None

    async def say(self, pcm: bytes, *, rate: int = 8000) -> None:
        """Play samples (signed 16 bit, mono); returns when they are spoken."""
        await self.audio.say(pcm, rate=rate)

    async def press(self, keys: str) -> None:
        """Press keys; raises ValueError for what is no key."""
        await self.audio.press(keys)

    async def hears_voice(self, *, since: float = 0, seconds: float = SECONDS) -> float:
        """When the first loud sound after `since` came."""
        heard = lambda: bool(self._loud_after(since))  # noqa: E731
        await self._until(heard, "a voice", seconds)
        return self._loud_after(since)[0]

    async def hears_silence(
        self, *, length: float = 1000, seconds: float = SECONDS
    ) -> None:
        """Wait until it has been quiet for `length`, from now or from the last voice.
        The call's end is silence, too."""
        began = self.now
        await self._until(lambda: self._is_quiet(began, length), "silence", seconds)

    async def hears_keys(self, keys: str, *, seconds: float = SECONDS) -> None:
        """Wait until the other side pressed these."""
        await self._until(lambda: keys in self.digits, f"the keys {keys}", seconds)

    async def ended(self, *, seconds: float = SECONDS) -> None:
        """Wait for the call's end."""
        await self._until(lambda: self.ended_at is not None, "the end", seconds)

    async def _until(
        self, condition: Callable[[], bool], what: str, seconds: float
    ) -> None:
        """Wait for the condition, but no longer than the call lasts."""
        over = lambda: condition() or self.ended_at is not None  # noqa: E731
        await self.audio.changes.until(over, seconds=seconds)
        if not condition():
            if self.ended_at is not None:
                raise TimeoutError(f"The call ended before {what} came.")
            raise TimeoutError(f"Waited {seconds:g} s in vain for {what}.")

    def _is_quiet(self, since: float, length: float) -> bool:
        last = max(since, self.last_voice_at or 0)
        return self.ended_at is not None or self.now - last > length

    def _clock(self, at: float) -> float:
        return (at - self._began) * 1000

    def _loud_after(self, since: float) -> list[float]:
        """The first loud sound after that, if there was one."""
        loud = self.recording.loud_at
        place = bisect.bisect_right(loud, self._began + since / 1000)
        return [self._clock(at) for at in loud[place : place + 1]]
