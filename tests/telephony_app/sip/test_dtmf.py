"""Pressed keys."""

import pytest

from telephony_app.sip import dtmf


def test_key_is_100_ms_of_tone_and_three_ends() -> None:
    frames = dtmf.frames("5")
    events = [dtmf.EVENT.unpack(frame.payload) for frame in frames]
    assert [event for event, _, _ in events] == [5] * 8
    ends = [bool(flags & dtmf.END) for _, flags, _ in events]
    assert ends == 5 * [False] + 3 * [True]
    assert [duration for _, _, duration in events] == [160, 320, 480, 640] + [800] * 4


def test_all_packets_of_a_key_tell_when_it_began() -> None:
    frames = dtmf.frames("#")
    assert [frame.lag for frame in frames] == [160 * number for number in range(8)]
    assert [frame.is_first for frame in frames] == [True] + [False] * 7


def test_keypad_takes_each_press_once() -> None:
    keypad = dtmf.Keypad()
    for timestamp, key in ((100, "1"), (2000, "1"), (4000, "#")):
        for frame in dtmf.frames(key):
            keypad.hear(frame.payload, timestamp=timestamp)
    assert keypad.pressed == "11#"


def test_key_whose_begin_was_lost_is_heard_by_its_end() -> None:
    keypad = dtmf.Keypad()
    keypad.hear(dtmf.frames("*")[-1].payload, timestamp=1)
    assert keypad.pressed == "*"


def test_broken_packet_is_no_key() -> None:
    keypad = dtmf.Keypad()
    keypad.hear(b"\x05", timestamp=1)
    keypad.hear(b"\xff\x0a\x00\xa0", timestamp=2)
    assert keypad.pressed == ""


@pytest.mark.parametrize("key", ["x", "", "12"])
def test_other_characters_are_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        dtmf.frames(key)
