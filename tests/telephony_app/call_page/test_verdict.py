"""The first line of a call's page."""

from typing import Any

import pytest

from telephony_app.call_page.mends import MENDS
from telephony_app.call_page.verdict import verdict
from telephony_app.duration import in_words, on_clock
from telephony_app.models import Call, Cause, State
from tests.telephony_app.conftest import NOON, seconds


def call(cause: str, *, talked: float | None = None) -> Call:
    """A call that ended, unsaved."""
    times: dict[str, Any] = {"created_at": NOON, "ended_at": seconds(talked or 5)}
    if talked:
        times["answered_at"] = NOON
    return Call(state=State.ENDED, cause=cause, **times)


@pytest.mark.parametrize(
    ("ended", "words", "tone"),
    [
        (call("caller_hung_up", talked=72), "the caller after 1 min 12 s", "good"),
        (call("caller_hung_up"), "the caller before the agent spoke", "quiet"),
        (call("agent_hung_up", talked=9), "Ended by the agent after 9 s", "good"),
        (call("staff_ended", talked=9), "Ended by staff after 9 s", "good"),
        (call("model_unavailable"), "Failed: the model was unreachable", "bad"),
        (call("worker_lost", talked=9), "Failed: the voice worker died", "bad"),
        (call("no_place"), "Failed: all lines were busy", "bad"),
        (call("abandoned"), "The caller never came", "quiet"),
        (call("agent_inactive"), "The agent is switched off", "quiet"),
        (Call(state=State.RINGING), "The caller waits for the agent", "live"),
    ],
)
def test_verdict_says_how_it_went(ended: Call, words: str, tone: str) -> None:
    found = verdict(ended)
    assert words in found.words
    assert found.tone == tone


@pytest.mark.parametrize(
    ("outgoing", "words"),
    [
        (Call(state=State.RINGING), "The telephone rings"),
        (call("caller_hung_up", talked=9), "Ended by the person called after 9 s"),
        (call("busy"), "The line was busy"),
        (call("abandoned"), "Nobody was called: no agent came in time"),
        (call("voicemail"), "A voicemail answered"),
    ],
)
def test_call_out_is_told_from_the_side_of_who_calls(
    outgoing: Call, words: str
) -> None:
    outgoing.direction = Call.Direction.OUTBOUND
    assert words in verdict(outgoing).words


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause.is_failure])
def test_every_failure_says_what_to_do(cause: Cause) -> None:
    assert verdict(call(cause)).mend == MENDS[cause]


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_verdict(cause: Cause) -> None:
    assert verdict(call(cause, talked=10)).words


@pytest.mark.parametrize(
    ("length", "words", "clock"),
    [
        (0, "0 s", "0:00"),
        (59.4, "59 s", "0:59"),
        (59.6, "1 min 0 s", "1:00"),
        (3725, "1 h 2 min", "1:02:05"),
    ],
)
def test_lengths_read_naturally(length: float, words: str, clock: str) -> None:
    assert (in_words(length), on_clock(length)) == (words, clock)


def test_caller_on_the_way_to_a_person_is_told_with_the_number() -> None:
    ringing = Call(state=State.IN_PROGRESS, transferred_to="+12025550123")
    assert verdict(ringing).words == "Being put through to +1 202-555-0123"
