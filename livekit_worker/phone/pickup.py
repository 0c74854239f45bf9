"""Who picked up the telephone: a person, or a voicemail.

A person says a word or two and waits; a voicemail talks, then beeps. The library's own
detection asks a second model about a transcript, and neither exists here.
"""

import asyncio
from enum import Enum, auto
from time import monotonic
from typing import Any

from livekit.agents import AgentSession, UserStateChangedEvent

CHECK_SECONDS = 0.05
# Who says nothing at all waits for us.
NO_HELLO_SECONDS = 1.5
# As long as people speak when they pick up; Twilio's machine detection takes 2.4 s
# (https://www.twilio.com/docs/voice/answering-machine-detection).
HELLO_SECONDS = 2.5
HELLO_PAUSE_SECONDS = 0.3
# A company's name and a greeting may take longer, then there is a pause.
PERSON_SECONDS = 6.0
PAUSE_SECONDS = 1.2
# A voicemail without a beep is taken to be listening after such a pause.
LISTENING_SECONDS = 2.5
# By then a voicemail has beeped.
GREETING_SECONDS = 25.0


class Who(Enum):
    """Who is on the line; who `SPOKE` said more than a hello."""

    PERSON = auto()
    SPOKE = auto()
    VOICEMAIL = auto()


class Pickup:
    """Listens to the first seconds of a call. Local voice activity tells of an end of
    speech a quarter of a second late."""

    def __init__(self) -> None:
        self._began = self._changed = monotonic()
        self._speaks = False
        self._spoken_since: float | None = None
        self._beeped = asyncio.Event()

    def follow(self, session: AgentSession[Any]) -> None:
        """Hear when the other side speaks."""
        session.on("user_state_changed", self._on_state)

    def begin(self) -> None:
        """The line is open: what was heard before was the ringing."""
        self._began = self._changed = monotonic()
        self._spoken_since = self._began if self._speaks else None

    def beeped(self) -> None:
        """A beep was heard."""
        self._beeped.set()

    async def judge(self) -> Who:
        """Who it is, as soon as that can be told."""
        while True:
            if who := self._so_far():
                return who
            await asyncio.sleep(CHECK_SECONDS)

    async def may_speak(self) -> None:
        """Wait until the voicemail records: its beep, or a long pause."""
        deadline = self._began + GREETING_SECONDS
        while not self._beeped.is_set() and monotonic() < deadline:
            if not self._speaks and self._quiet >= LISTENING_SECONDS:
                return
            await asyncio.sleep(CHECK_SECONDS)

    @property
    def _quiet(self) -> float:
        return monotonic() - self._changed

    def _so_far(self) -> Who | None:
        if self._beeped.is_set():
            return Who.VOICEMAIL
        if self._spoken_since is None:
            return Who.PERSON if self._quiet >= NO_HELLO_SECONDS else None
        now = monotonic() if self._speaks else self._changed
        spoken = now - self._spoken_since
        if spoken > PERSON_SECONDS:
            return Who.VOICEMAIL
        if self._speaks:
            return None
        if spoken <= HELLO_SECONDS:
            return Who.PERSON if self._quiet >= HELLO_PAUSE_SECONDS else None
        return Who.SPOKE if self._quiet >= PAUSE_SECONDS else None

    def _on_state(self, event: UserStateChangedEvent) -> None:
        self._speaks = event.new_state == "speaking"
        self._changed = monotonic()
        if self._speaks and self._spoken_since is None:
            self._spoken_since = self._changed
