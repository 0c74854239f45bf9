"""The gate between the caller's microphone and the model.

A model that hears the caller over a ready-made line cuts the line: the library leaves
turns to the model, and Gemini's transcript alone counts as one. So the model hears
nothing meanwhile, and afterwards what was said, from its first syllable.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from livekit import rtc
from livekit.agents import AgentSession, UserStateChangedEvent

# Local voice activity is told up to half a second after its first sound.
LEAD_SECONDS = 1.0
# Longer than any line; what it cannot hold is the oldest.
MOST_SECONDS = 90.0


class Gate:
    """Lets the caller's sound pass, or keeps it: all of it once the caller speaks, else
    only the last second, for nobody needs to hear silence late."""

    def __init__(self) -> None:
        self._closings = 0
        self._caller_speaks = self._has_words = False
        self._kept: deque[rtc.AudioFrame] = deque()
        self._kept_seconds = 0.0

    def follow(self, session: AgentSession[Any]) -> None:
        """Listen to when the caller speaks."""
        session.on("user_state_changed", self._on_caller_state)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Keep the caller's sound while this lasts; it may be entered again within."""
        self._closings += 1
        self._has_words = self._has_words or self._caller_speaks
        try:
            yield
        finally:
            self._closings -= 1

    def forget(self) -> None:
        """Drop what was kept: nobody is to answer it."""
        self._kept.clear()
        self._kept_seconds = 0.0
        self._has_words = False

    def forget_noise(self) -> None:
        """Drop what was kept if nobody spoke in it: heard late, it would cut the answer
        to what was typed meanwhile."""
        if not self._has_words:
            self.forget()

    def take(self, frame: rtc.AudioFrame) -> list[rtc.AudioFrame]:
        """The sound that passes now: nothing while closed, then all that was kept."""
        self._keep(frame)
        if self._closings:
            return []
        passing = list(self._kept)
        self.forget()
        return passing

    def _keep(self, frame: rtc.AudioFrame) -> None:
        self._kept.append(frame)
        self._kept_seconds += frame.duration
        most = MOST_SECONDS if self._has_words else LEAD_SECONDS
        while self._kept_seconds > most:
            self._kept_seconds -= self._kept.popleft().duration

    def _on_caller_state(self, event: UserStateChangedEvent) -> None:
        self._caller_speaks = event.new_state == "speaking"
        self._has_words = self._has_words or (
            self._caller_speaks and self._closings > 0
        )
