"""Sounds for tests of calls."""

import array
import math

import pytest


def tone(hertz: float, *, seconds: float = 0.4, rate: int = 8000) -> bytes:
    """A loud pure tone."""
    count = int(seconds * rate)
    turn = 2 * math.pi * hertz / rate
    return array.array(
        "h", [int(8000 * math.sin(turn * number)) for number in range(count)]
    ).tobytes()


@pytest.fixture
def beep() -> bytes:
    """0.4 s of A4, as telephones sample it."""
    return tone(440)
