"""The sound of a call: packets out every 20 ms, packets in as they come."""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Self

from telephony_app.sip import dtmf, g711, sdp
from telephony_app.sip.changes import Changes
from telephony_app.sip.datagrams import Address, open_socket, own_address
from telephony_app.sip.recording import Recording
from telephony_app.sip.resampling import to_telephone
from telephony_app.sip.rtp import FRAME, FRAME_SECONDS, NotRtp, Packet, parse
from telephony_app.sip.sdp import Sound

SILENCE = bytes([g711.SILENCE]) * FRAME
PAUSE_BETWEEN_KEYS = 4
MOST_BEHIND_SECONDS = 2 * FRAME_SECONDS


@dataclass(frozen=True)
class _Sent:
    """What one packet carries: sound, or a part of a key that began `lag` ago."""

    payload: bytes = SILENCE
    kind: int = sdp.PCMU
    lag: int = 0
    marker: bool = False


class Audio:
    """Sends silence unless there is something to say; records what it hears.

    `local` is what the other side is told of it.
    """

    local: Sound
    _socket: asyncio.DatagramTransport

    def __init__(self) -> None:
        self.recording = Recording()
        self.keypad = dtmf.Keypad()
        self.changes = Changes()
        self._remote: Sound | None = None
        self._queue: deque[_Sent] = deque()
        self._pacing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, host: str) -> Self:
        """Sound from a free port of this address of ours."""
        audio = cls()
        audio._socket = await open_socket(audio._received, (host, 0))
        audio.local = Sound(*own_address(audio._socket))
        return audio

    def connect(self, remote: Sound) -> None:
        """Send there from now on; a later answer may move the sound elsewhere."""
        self._remote = remote
        if self._pacing is None:
            self._pacing = asyncio.create_task(self._send_forever(), name="rtp")

    def answer(self, wanted: Sound) -> None:
        """Send where the other side wants it, and take its numbers for keys."""
        self.local = replace(self.local, keys=wanted.keys)
        self.connect(wanted)

    async def say(self, pcm: bytes, *, rate: int = g711.RATE) -> None:
        """Play these samples (signed 16 bit, mono); returns when they are sent."""
        slow = await asyncio.to_thread(to_telephone, pcm, rate=rate)
        sound = g711.encode(slow)
        starts = range(0, len(sound), FRAME)
        frames = (sound[start : start + FRAME] for start in starts)
        await self._send(_Sent(frame.ljust(FRAME, SILENCE[:1])) for frame in frames)

    async def press(self, keys: str) -> None:
        """Press keys, one after the other; returns when they are sent.

        Raises ValueError for what is no key, or when the other side takes none.
        """
        if self._remote is None or self._remote.keys is None:
            raise ValueError("The other side takes no keys (telephone-event).")
        sent: list[_Sent] = []
        for key in keys:
            frames = dtmf.frames(key)
            sent += [
                _Sent(f.payload, self._remote.keys, f.lag, f.is_first) for f in frames
            ]
            sent += [_Sent()] * PAUSE_BETWEEN_KEYS
        await self._send(sent)

    async def _send(self, what: Iterable[_Sent]) -> None:
        self._queue.extend(what)
        await self.changes.until(lambda: not self._queue, seconds=float("inf"))

    def mute(self) -> None:
        """Send nothing more, not even silence."""
        if self._pacing:
            self._pacing.cancel()

    def close(self) -> None:
        """Send and hear nothing more."""
        self.mute()
        self._queue.clear()
        self.changes.tell()
        self._socket.close()

    async def _send_forever(self) -> None:
        source, number = secrets.randbits(32), secrets.randbits(16)
        timestamp, due = secrets.randbits(32), time.monotonic()
        is_first = True
        while True:
            sent = self._queue.popleft() if self._queue else _Sent()
            packet = Packet(
                sent.payload,
                sent.kind,
                number,
                timestamp - sent.lag,
                source,
                sent.marker or is_first,
            )
            self._put(packet)
            number, timestamp, is_first = number + 1, timestamp + FRAME, False
            # A machine that fell behind is late from now on: the other side has no
            # room for a burst.
            due = max(due + FRAME_SECONDS, time.monotonic() - MOST_BEHIND_SECONDS)
            self.changes.tell()
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def _put(self, packet: Packet) -> None:
        if self._remote and not self._socket.is_closing():
            self._socket.sendto(bytes(packet), self._remote.address)

    def _received(self, data: bytes, _: Address) -> None:
        """Keep one packet, whatever its kind says it is."""
        with suppress(NotRtp):
            packet = parse(data)
            self.recording.count(packet)
            if packet.kind == sdp.PCMU:
                self.recording.add(packet)
            elif packet.kind == self.local.keys:
                self.keypad.hear(packet.payload, timestamp=packet.timestamp)
            self.changes.tell()
