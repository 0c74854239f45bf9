"""Pressed keys: RFC 4733 events beside the sound."""

import struct
from dataclasses import dataclass, field

from telephony_app.sip.rtp import FRAME

KEYS = "0123456789*#ABCD"
EVENT = struct.Struct("!BBH")
END = 0x80
VOLUME = 10
TONE_FRAMES = 5
END_FRAMES = 3


@dataclass(frozen=True)
class KeyFrame:
    """One packet of a key: its payload, and how far behind the event's begin it is."""

    payload: bytes
    lag: int
    is_first: bool


def frames(key: str) -> list[KeyFrame]:
    """The packets of one key: 100 ms of tone and its end, three times against loss.

    Raises ValueError for what is no key.
    """
    if len(key) != 1 or key.upper() not in KEYS:
        raise ValueError(f"{key!r} is no key of a telephone.")
    event = KEYS.index(key.upper())
    tone = [
        _frame(event, number, duration=number + 1, end=0)
        for number in range(TONE_FRAMES)
    ]
    ends = [
        _frame(event, TONE_FRAMES + number, duration=TONE_FRAMES, end=END)
        for number in range(END_FRAMES)
    ]
    return tone + ends


def _frame(event: int, number: int, *, duration: int, end: int) -> KeyFrame:
    payload = EVENT.pack(event, end | VOLUME, duration * FRAME)
    return KeyFrame(payload, lag=number * FRAME, is_first=number == 0)


@dataclass
class Keypad:
    """Reads the keys that the other side presses."""

    pressed: str = ""
    _events: set[int] = field(default_factory=set)

    def hear(self, payload: bytes, *, timestamp: int) -> None:
        """Take one packet; all packets of one press have the same timestamp."""
        if len(payload) < EVENT.size or timestamp in self._events:
            return
        event = EVENT.unpack_from(payload)[0]
        if event < len(KEYS):
            self._events.add(timestamp)
            self.pressed += KEYS[event]
