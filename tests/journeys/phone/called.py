"""The person whom an agent calls: a telephone that waits, for tests that are
synchronous."""

from types import TracebackType
from typing import Any, Self

import numpy as np

from agents_app.voices.espeak import speak
from telephony_app.sip import PhoneCall, SipPhone
from telephony_app.sip.phone_call import Manner
from telephony_app.sip.resampling import to_telephone
from tests.loop_thread import LoopThread


def words(text: str) -> bytes:
    """What a telephone says with a synthetic voice."""
    return to_telephone(speak(text, voice="Kore").pcm, rate=24_000)


def tones(*hertz: int, seconds: float = 0.5, loudness: int = 8000) -> bytes:
    """Pure tones at once, as a telephone's samples: 8000 a second."""
    times = np.arange(int(8000 * seconds)) / 8000
    waves = [np.sin(2 * np.pi * each * times) for each in hertz]
    return (loudness * np.mean(waves, axis=0)).astype(np.int16).tobytes()


class CalledPhone:
    """A telephone that is called, on an event loop in a thread of its own. Times are
    milliseconds since the call came."""

    def __init__(self, **manner: Any) -> None:
        self._loop = LoopThread()
        self.phone = SipPhone(Manner(**manner))

    def __enter__(self) -> Self:
        self._loop.run(self.phone.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.run(self.phone.__aexit__(kind, error, trace))
        self._loop.stop()

    def is_called(self, *, seconds: float = 30) -> PhoneCall:
        """Wait for a call."""
        return self._loop.run(self.phone.called(seconds=seconds))

    def says(self, call: PhoneCall, text: str) -> None:
        """Speak to the end."""
        self._loop.run(call.say(words(text)))

    def presses(self, call: PhoneCall, keys: str) -> None:
        """Press keys, one after the other."""
        self._loop.run(call.press(keys))

    def hears_voice(
        self, call: PhoneCall, *, since: float = 0, seconds: float = 20
    ) -> float:
        """Wait for a voice after `since`; when it came."""
        return self._loop.run(call.hears_voice(since=since, seconds=seconds))

    def hears_silence(self, call: PhoneCall, *, length: float = 1000) -> None:
        """Wait until it has been quiet for so long."""
        self._loop.run(call.hears_silence(length=length))

    def is_hung_up_on(self, call: PhoneCall, *, seconds: float = 30) -> None:
        """Wait until the call is over."""
        self._loop.run(call.ended(seconds=seconds))

    def hangs_up(self, call: PhoneCall) -> None:
        """End the call, or refuse one that rings."""
        self._loop.run(call.hang_up())
