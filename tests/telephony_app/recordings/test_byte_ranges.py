"""Ranges of bytes, as players ask for them."""

import pytest

from telephony_app.recordings.byte_ranges import Unsatisfiable, first_and_last


@pytest.mark.parametrize(
    ("header", "piece"),
    [
        ("bytes=0-", (0, 99)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-", (90, 99)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-500", (0, 99)),
        (" bytes=99-99 ", (99, 99)),
    ],
)
def test_range_is_read(header: str, piece: tuple[int, int]) -> None:
    assert first_and_last(header, 100) == piece


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=0-1,5-6",
        "items=0-5",
        "bytes=a-b",
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_what_is_no_single_range_means_everything(header: str) -> None:
    assert first_and_last(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_range_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        first_and_last(header, 100)
