"""Who calls one of Twilio's numbers, for tests that are synchronous."""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from agents_app.voices.espeak import speak
from telephony_app.sip import SipCall
from telephony_app.sip.resampling import to_telephone
from tests.standins.twilio.call import TwilioCall

T = TypeVar("T")
LOOK_SECONDS = 0.02


class Line:
    """The caller's telephone: entered, it dials; left, it hangs up.

    What the caller hears is what Twilio speaks (`told`), and the sound of whoever
    Twilio called last. Times are milliseconds since that call began.
    """

    def __init__(
        self, call: TwilioCall, run: Callable[[Coroutine[Any, Any, Any]], Any]
    ) -> None:
        self.call = call
        self._run = run

    def __enter__(self) -> Self:
        self._run(self.call.begin())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hangs_up()

    @property
    def sid(self) -> str:
        """What Twilio calls the call."""
        return self.call.sid

    @property
    def told(self) -> list[str]:
        """The sentences that Twilio spoke."""
        return [said["text"] for said in self.call.told]

    @property
    def rung(self) -> list[str]:
        """The numbers that Twilio called for the caller."""
        return self.call.rung

    @property
    def leg(self) -> SipCall:
        """Twilio's newest call to somebody, with its sound and its times."""
        assert self.call.leg, f"Nobody was called. Told so far: {self.told}"
        return self.call.leg

    def is_answered(self, *, seconds: float = 30) -> None:
        """Wait until whom Twilio called picks up."""
        picked_up = lambda: self.call.leg and self.call.leg.answered_at  # noqa: E731
        self._wait("an answer", picked_up, seconds)

    def is_told(self, words: str, *, seconds: float = 30) -> dict[str, str]:
        """Wait until Twilio speaks these words; how it speaks them."""
        self._wait(f"{words!r}", lambda: words in " ".join(self.told), seconds)
        return next(said for said in self.call.told if words in said["text"])

    def is_hung_up_on(self, *, seconds: float = 30) -> None:
        """Wait until the call is over, and Twilio has told all of it."""

        async def over() -> None:
            async with asyncio.timeout(seconds):
                await self.call.over()

        self._run(over())

    def hangs_up(self) -> None:
        """End the call, or let it ring no more; Twilio tells of it."""

        async def end() -> None:
            self.call.end()
            await self.call.over()

        self._run(end())

    def says(self, text: str) -> None:
        """Speak, in a synthetic voice, to the end."""
        speech = speak(text, voice="Kore")
        self.call.said += to_telephone(speech.pcm, rate=speech.sample_rate)
        self._run(self.leg.say(speech.pcm, rate=speech.sample_rate))

    def presses(self, keys: str) -> None:
        """Press keys, one after the other."""
        self._run(self.leg.press(keys))

    def hears_voice(self, *, since: float = 0, seconds: float = 20) -> float:
        """Wait for a voice after `since`; when it came."""
        at: float = self._run(self.leg.hears_voice(since=since, seconds=seconds))
        return at

    def hears_silence(self, *, length: float = 1000, seconds: float = 20) -> None:
        """Wait until it has been quiet for so long."""
        self._run(self.leg.hears_silence(length=length, seconds=seconds))

    def hears_keys(self, keys: str, *, seconds: float = 20) -> None:
        """Wait until the other side pressed these keys."""
        self._run(self.leg.hears_keys(keys, seconds=seconds))

    def _wait(self, what: str, condition: Callable[[], Any], seconds: float) -> None:
        self._run(self._until(condition, seconds))
        assert condition(), (
            f"Waited {seconds:g} s in vain for {what}. The call is {self.call.status}; "
            f"told {self.told}, rung {self.rung}."
        )

    async def _until(self, condition: Callable[[], Any], seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        while not condition() and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(LOOK_SECONDS)
