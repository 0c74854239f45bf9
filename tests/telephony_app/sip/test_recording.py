"""What was heard, on the line of its time."""

import wave
from pathlib import Path

from telephony_app.sip import g711
from telephony_app.sip.recording import Recording
from telephony_app.sip.rtp import FRAME, Packet

LOUD = g711.encode(b"\x00\x20" * FRAME)
QUIET = bytes([g711.SILENCE]) * FRAME


def record(*frames: tuple[int, bytes], start: int = 2**32 - 160) -> Recording:
    """Packets by their place, from a time stamp that wraps."""
    recording = Recording()
    for place, payload in frames:
        stamp = (start + place * FRAME) % 2**32
        packet = Packet(payload, 0, place % 2**16, stamp, 1)
        recording.count(packet)
        recording.add(packet)
    return recording


def loud(recording: Recording) -> list[bool]:
    """Which 20 ms are loud."""
    return [loudness > 300 for loudness in recording.loudness()]


def test_lost_packet_is_silence_and_counted() -> None:
    recording = record((0, LOUD), (1, LOUD), (3, LOUD))
    assert loud(recording) == [True, True, False, True]
    assert (recording.packets, recording.lost) == (3, 1)


def test_packets_out_of_order_are_put_right_and_not_lost() -> None:
    recording = record((0, QUIET), (2, QUIET), (1, LOUD))
    assert loud(recording) == [False, True, False]
    assert recording.lost == 0


def test_repeated_packet_is_heard_once() -> None:
    assert record((0, LOUD), (0, LOUD)).packets == 1


def test_packet_from_before_the_first_is_left_out() -> None:
    assert loud(record((5, LOUD), (4, LOUD))) == [True]


def test_nothing_heard_is_nothing() -> None:
    recording = Recording()
    assert (recording.pcm, recording.lost, recording.first_at) == (b"", 0, None)


def test_saved_file_is_8000_samples_a_second(tmp_path: Path) -> None:
    record(*((place, LOUD) for place in range(50))).save(tmp_path / "heard.wav")
    with wave.open(str(tmp_path / "heard.wav")) as heard:
        assert heard.getframerate() == 8000
        assert heard.getnframes() == 8000
        assert heard.getnchannels() == 1
