"""What staff are told to do."""

import pytest

from telephony_app.call_page.mends import MENDS, mend
from telephony_app.calls.places import NUMBER_FULL, ORGANIZATION_FULL
from telephony_app.models import Call, Cause

Direction = Call.Direction


def told(cause: Cause, **fields: object) -> str:
    """What is told about such a call that came in."""
    return mend(Call(**{"cause": cause, "direction": Direction.INBOUND, **fields}))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "manage.py telephony_setup"),
        (407, "did not accept Twilio's login"),
        (486, "Workers"),
        (None, "SIP_HOST"),
        (503, "SIP_HOST"),
    ],
)
def test_unanswered_call_is_mended_by_what_the_bridge_said(
    status: int | None, words: str
) -> None:
    assert words in told(Cause.NOT_ANSWERED, sip_status=status)


def test_unanswered_browser_call_has_no_bridge() -> None:
    found = told(Cause.NOT_ANSWERED, direction=Direction.WEB)
    assert found == MENDS[Cause.NOT_ANSWERED]


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        (NUMBER_FULL, "the number"),
        (ORGANIZATION_FULL, "Calling policies"),
        ("No voice worker had a place.", "--max-calls"),
    ],
)
def test_full_lines_are_mended_where_they_are_full(detail: str, words: str) -> None:
    assert words in told(Cause.NO_PLACE, error=detail)


def test_who_declines_our_call_needs_no_mending() -> None:
    assert not told(Cause.DECLINED, direction=Direction.OUTBOUND)
    assert "20 times" in told(Cause.DECLINED)


def test_call_that_goes_on_needs_no_mending() -> None:
    assert not mend(Call())
