"""µ-law against the values of ITU-T G.711."""

import array

import pytest

from telephony_app.sip import g711


def samples(*values: int) -> bytes:
    """These samples as bytes."""
    return array.array("h", values).tobytes()


@pytest.mark.parametrize(
    ("byte", "value"),
    # Table 2 of G.711, scaled from 14 to 16 bits: the ends and the first steps.
    [
        (0xFF, 0),
        (0x7F, 0),
        (0x80, 32_124),
        (0x00, -32_124),
        (0xFE, 8),
        (0x7E, -8),
        (0xF0, 120),
        (0xEF, 132),
        (0x8F, 16_764),
    ],
)
def test_byte_stands_for_its_value(byte: int, value: int) -> None:
    assert g711.decode(bytes([byte])) == samples(value)


def test_every_byte_survives_decoding_and_encoding() -> None:
    every = bytes(range(256))
    negative_zero = 0x7F
    kept = every.replace(bytes([negative_zero]), bytes([g711.SILENCE]))
    assert g711.encode(g711.decode(every)) == kept


@pytest.mark.parametrize("value", [0, 1, -1, 100, -100, 5000, -5000, 32_767, -32_768])
def test_sample_is_kept_within_a_sixteenth(value: int) -> None:
    [kept] = array.array("h", g711.decode(g711.encode(samples(value))))
    assert abs(kept - value) <= max(8, abs(value) / 16)


def test_louder_never_becomes_softer() -> None:
    values = range(-32_768, 32_768, 7)
    kept = array.array("h", g711.decode(g711.encode(samples(*values))))
    assert list(kept) == sorted(kept)


def test_loudness_is_the_root_mean_square() -> None:
    assert g711.loudness(g711.encode(samples(1000, -1000) * 80)) == pytest.approx(
        1000, rel=0.03
    )
    assert g711.loudness(bytes([g711.SILENCE]) * 160) == 0
    assert g711.loudness(b"") == 0
