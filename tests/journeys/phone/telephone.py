"""A caller with a telephone, for tests that are synchronous: the call lives on an event
loop in a thread of its own."""

from types import TracebackType
from typing import Any, Self

from agents_app.voices.espeak import speak
from telephony_app.sip import SipCall
from tests.loop_thread import LoopThread


class Telephone:
    """One call to a SIP address, with `SipCall`'s options. Times are milliseconds since
    the call was placed."""

    def __init__(self, uri: str, **options: Any) -> None:
        self._loop = LoopThread()
        self.call = SipCall(uri, **options)

    def __enter__(self) -> Self:
        self._loop.run(self.call.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.run(self.call.__aexit__(kind, error, trace))
        self._loop.stop()

    def rings(self, *, seconds: float = 30) -> None:
        """Wait until it rings there; raises NotAnswered or TimeoutError."""
        self._loop.run(self.call.rings(seconds=seconds))

    def is_answered(self, *, seconds: float = 30) -> None:
        """Wait until somebody picks up; raises NotAnswered or TimeoutError."""
        self._loop.run(self.call.answered(seconds=seconds))

    def says(self, text: str) -> None:
        """Speak, in a synthetic voice, to the end."""
        speech = speak(text, voice="Kore")
        self._loop.run(self.call.say(speech.pcm, rate=24_000))

    def presses(self, keys: str) -> None:
        """Press keys, one after the other."""
        self._loop.run(self.call.press(keys))

    def falls_mute(self) -> None:
        """Send no sound any more, not even silence."""
        self._loop.call_soon(self.call.audio.mute)

    def hears_voice(self, *, since: float = 0, seconds: float = 20) -> float:
        """Wait for a voice after `since`; when it came."""
        return self._loop.run(self.call.hears_voice(since=since, seconds=seconds))

    def hears_silence(self, *, length: float = 1000, seconds: float = 20) -> None:
        """Wait until it has been quiet for so long."""
        self._loop.run(self.call.hears_silence(length=length, seconds=seconds))

    def hears_keys(self, keys: str, *, seconds: float = 20) -> None:
        """Wait until the other side pressed these keys."""
        self._loop.run(self.call.hears_keys(keys, seconds=seconds))

    def is_hung_up_on(self, *, seconds: float = 20) -> None:
        """Wait until the call is over."""
        self._loop.run(self.call.ended(seconds=seconds))

    def hangs_up(self) -> None:
        """End the call, or let it ring no more."""
        self._loop.run(self.call.hang_up())
