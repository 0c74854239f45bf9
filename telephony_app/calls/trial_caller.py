"""Who calls in a trial: listens, says some sentences, presses keys, hangs up."""

from dataclasses import dataclass
from pathlib import Path

from telephony_app.calls.twiml_call import Tell
from telephony_app.sip import SipCall

PATIENCE_SECONDS = 20.0
PAUSE_MILLISECONDS = 1200.0
VOICE = "Kore"


@dataclass(frozen=True)
class TrialCaller:
    """Sentences first, then keys; each when the agent has finished. What was heard goes
    into the file `record`, as WAV."""

    says: tuple[str, ...] = ()
    presses: str = ""
    record: Path | None = None

    async def talk(self, call: SipCall, tell: Tell) -> None:
        """Speak with whoever picked up; says what happens. Ends early when the other
        side hangs up."""
        await self._listen(call, tell, since=0)
        for sentence in self.says:
            if call.ended_at is None:
                await self._say(call, sentence, tell)
        if self.presses and call.ended_at is None:
            tell(f"You press {self.presses}")
            await call.press(self.presses)
            await self._listen(call, tell, since=call.now)
        _tell_end(call, tell)
        if self.record:
            call.recording.save(self.record)
            tell(f"What was heard is in {self.record}")

    async def _say(self, call: SipCall, sentence: str, tell: Tell) -> None:
        # Imported late: the web process has no voice.
        from agents_app.voices.espeak import speak

        speech = speak(sentence, voice=VOICE)
        tell(f'You say: "{sentence}"')
        await call.say(speech.pcm, rate=speech.sample_rate)
        await self._listen(call, tell, since=call.now)

    async def _listen(self, call: SipCall, tell: Tell, *, since: float) -> None:
        """Hear the agent out, if it speaks."""
        try:
            heard_at = await call.hears_voice(since=since, seconds=PATIENCE_SECONDS)
            tell(f"The agent speaks, after {heard_at - since:.0f} ms.")
            await call.hears_silence(length=PAUSE_MILLISECONDS, seconds=60)
        except TimeoutError:
            tell(f"The agent says nothing for {PATIENCE_SECONDS:.0f} s.")


def _tell_end(call: SipCall, tell: Tell) -> None:
    if call.ended_at is not None:
        tell("The agent hung up.")
        return
    keys = f" The agent pressed {call.digits}." if call.digits else ""
    tell(f"You hang up.{keys}")
