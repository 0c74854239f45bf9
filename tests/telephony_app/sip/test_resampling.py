"""Sound of other rates on the telephone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from telephony_app.sip.resampling import to_telephone
from tests.telephony_app.sip.conftest import tone


def heard(pcm: bytes) -> NDArray[np.int16]:
    """The samples, without the ends, where a filter has to fade."""
    return np.frombuffer(pcm, dtype=np.int16)[100:-100]


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
def test_tone_keeps_its_pitch_and_its_loudness(rate: int) -> None:
    kept = heard(to_telephone(tone(440, rate=rate), rate=rate))
    wanted = heard(tone(440))
    size = min(len(kept), len(wanted))
    assert np.abs(kept[:size] - wanted[:size].astype(float)).max() < 200


@pytest.mark.parametrize("hertz", [5000, 7000, 9000])
def test_what_no_telephone_carries_does_not_fold_back(hertz: float) -> None:
    kept = heard(to_telephone(tone(hertz, rate=24_000), rate=24_000))
    assert np.abs(kept).max() < 150


def test_telephone_sound_is_left_as_it_is(beep: bytes) -> None:
    assert to_telephone(beep, rate=8000) == beep


def test_length_is_kept() -> None:
    assert len(to_telephone(bytes(2 * 24_000), rate=24_000)) == 2 * 8000
