"""What the caller keys in: single keys, put together to what they mean."""

import asyncio
from collections.abc import Callable

from livekit import rtc

from livekit_worker.phone.telephone import is_person

# Longer than somebody who reads a number from a card waits between two keys.
PAUSE_SECONDS = 1.5
END = "#"


class Keypad:
    """Collects the keys of the caller's telephone; a pause or `#` ends a number.

    `on_key` is told of each key at once, `on_number` of all together. What is keyed in
    may be a card's number, so it is told to nobody else.
    """

    def __init__(
        self,
        room: rtc.Room,
        *,
        on_key: Callable[[], None],
        on_number: Callable[[str], None],
    ) -> None:
        self._on_key = on_key
        self._on_number = on_number
        self._keys = ""
        self._pause: asyncio.TimerHandle | None = None
        room.on("sip_dtmf_received", self._on_pressed)

    def _on_pressed(self, pressed: rtc.SipDTMF) -> None:
        if pressed.participant and is_person(pressed.participant):
            return
        self._on_key()
        if self._pause:
            self._pause.cancel()
        if pressed.digit == END and self._keys:
            self._finish()
            return
        self._keys += pressed.digit
        loop = asyncio.get_running_loop()
        self._pause = loop.call_later(PAUSE_SECONDS, self._finish)

    def _finish(self) -> None:
        keys, self._keys, self._pause = self._keys, "", None
        self._on_number(keys)
