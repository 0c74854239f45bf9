"""What the model hears of a caller who speaks over a ready-made line."""

import pytest
from livekit import rtc
from livekit.agents import UserStateChangedEvent

from livekit_worker.speech.gate import LEAD_SECONDS, Gate

RATE = 1_000
FRAME_SECONDS = 0.05


class Microphone:
    """A caller's microphone, whose frames are numbered by their samples."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.heard: list[int] = []
        self._session: rtc.EventEmitter[str] = rtc.EventEmitter()
        self._sent = 0
        self.gate.follow(self._session)  # type: ignore[arg-type]

    def sends(self, seconds: float) -> list[int]:
        """Send so much sound; the numbers of the frames."""
        numbers = range(self._sent, self._sent + round(seconds / FRAME_SECONDS))
        for number in numbers:
            samples = round(RATE * FRAME_SECONDS)
            sound = number.to_bytes(2, "little") * samples
            frame = rtc.AudioFrame(sound, RATE, 1, samples)
            self.heard += [passed.data[0] for passed in self.gate.take(frame)]
        self._sent = numbers.stop
        return list(numbers)

    def speaks(self, state: str = "speaking") -> None:
        """Local voice activity is told."""
        old = "listening" if state == "speaking" else "speaking"
        event = UserStateChangedEvent(old_state=old, new_state=state)  # type: ignore[arg-type]
        self._session.emit("user_state_changed", event)


@pytest.fixture
def microphone() -> Microphone:
    """A microphone before an open gate."""
    return Microphone()


def test_open_gate_lets_everything_pass_at_once(microphone: Microphone) -> None:
    assert microphone.sends(3) == microphone.heard


def test_nothing_passes_a_closed_gate(microphone: Microphone) -> None:
    with microphone.gate.closed():
        microphone.speaks()
        microphone.sends(3)
        assert microphone.heard == []


def test_words_over_a_line_are_heard_afterwards_from_the_first_syllable(
    microphone: Microphone,
) -> None:
    with microphone.gate.closed():
        microphone.sends(4)
        words = microphone.sends(0.5)
        microphone.speaks()
        words += microphone.sends(3)
        microphone.speaks("listening")
        words += microphone.sends(2)
    words += microphone.sends(0.1)
    assert microphone.heard[-len(words) :] == words
    assert len(microphone.heard) <= len(words) + LEAD_SECONDS / FRAME_SECONDS


def test_caller_who_was_speaking_when_the_line_began_is_heard_whole(
    microphone: Microphone,
) -> None:
    microphone.speaks()
    everything = microphone.sends(1)
    with microphone.gate.closed():
        everything += microphone.sends(4)
    everything += microphone.sends(0.1)
    assert microphone.heard == everything


def test_silence_during_a_line_is_not_told_late(microphone: Microphone) -> None:
    with microphone.gate.closed():
        microphone.sends(8)
    last = microphone.sends(FRAME_SECONDS)
    assert len(microphone.heard) <= LEAD_SECONDS / FRAME_SECONDS
    assert microphone.heard[-1:] == last


def test_gate_opens_when_the_last_line_in_it_is_over(microphone: Microphone) -> None:
    with microphone.gate.closed():
        with microphone.gate.closed():
            microphone.sends(1)
        microphone.sends(1)
        assert microphone.heard == []
    microphone.sends(1)
    assert microphone.heard


def test_what_is_forgotten_is_never_heard(microphone: Microphone) -> None:
    with microphone.gate.closed():
        microphone.speaks()
        microphone.sends(2)
        microphone.gate.forget()
    assert microphone.sends(1) == microphone.heard


def test_noise_is_not_told_late_to_a_caller_who_types(microphone: Microphone) -> None:
    with microphone.gate.closed():
        microphone.sends(8)
    microphone.gate.forget_noise()
    assert microphone.sends(FRAME_SECONDS) == microphone.heard


def test_words_are_heard_though_the_caller_types(microphone: Microphone) -> None:
    with microphone.gate.closed():
        microphone.speaks()
        words = microphone.sends(3)
    microphone.gate.forget_noise()
    assert words + microphone.sends(FRAME_SECONDS) == microphone.heard
