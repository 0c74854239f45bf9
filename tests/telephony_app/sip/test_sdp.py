"""What is agreed about the sound."""

import pytest

from telephony_app.sip.sdp import NoCommonSound, Sound, parse

# What livekit-sip offers.
LIVEKIT = (
    "v=0\r\no=- 1 1 IN IP4 203.0.113.7\r\ns=LiveKit\r\n"
    "c=IN IP4 203.0.113.7\r\nt=0 0\r\n"
    "m=audio 10134 RTP/AVP 9 8 0 96\r\na=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-16\r\n"
)


def test_offer_is_read_back() -> None:
    sound = Sound("127.0.0.1", 4000, keys=101)
    assert parse(bytes(sound)) == sound


def test_other_sides_numbers_are_taken() -> None:
    assert parse(LIVEKIT.encode()) == Sound("203.0.113.7", 10134, keys=96)


def test_side_without_keys_is_told_apart() -> None:
    silent = Sound("127.0.0.1", 4000, keys=None)
    assert parse(bytes(silent)).keys is None


def test_address_of_the_sound_itself_counts() -> None:
    text = LIVEKIT.replace(
        "RTP/AVP 9 8 0 96\r\n", "RTP/AVP 0\r\nc=IN IP4 203.0.113.9\r\n"
    )
    assert parse(text.encode()).host == "203.0.113.9"


@pytest.mark.parametrize(
    "text",
    [
        "",
        LIVEKIT.replace("9 8 0 96", "9 8"),
        LIVEKIT.replace("RTP/AVP", "RTP/SAVP"),
    ],
)
def test_other_sound_is_refused(text: str) -> None:
    with pytest.raises(NoCommonSound):
        parse(text.encode())
