"""Sound at its place in time."""

import numpy as np

from livekit_worker.recording.channel import Channel, Samples


def sound(*values: int) -> Samples:
    return np.array(values, dtype=np.int16)


def taken(channel: Channel, start: int, end: int) -> list[int]:
    return [int(value) for value in channel.take(start, end)]


def test_where_nothing_was_placed_is_silence() -> None:
    channel = Channel()
    channel.place(2, sound(7, 8))
    assert taken(channel, 0, 6) == [0, 0, 7, 8, 0, 0]


def test_piece_may_be_taken_in_two() -> None:
    channel = Channel()
    channel.place(1, sound(7, 8, 9))
    assert taken(channel, 0, 2) == [0, 7]
    assert taken(channel, 2, 5) == [8, 9, 0]


def test_what_comes_too_late_is_left_out() -> None:
    channel = Channel()
    channel.take(0, 4)
    channel.place(2, sound(7, 8, 9))
    assert taken(channel, 4, 6) == [9, 0]


def test_what_was_cut_is_not_heard() -> None:
    channel = Channel()
    channel.place(0, sound(1, 2, 3))
    channel.place(3, sound(4, 5))
    channel.cut(2)
    assert taken(channel, 0, 5) == [1, 2, 0, 0, 0]
