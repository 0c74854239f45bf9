"""The picture of who spoke when."""

import pytest

from telephony_app.call_page.timeline import MOST_TICKS, Timeline, timeline
from telephony_app.models import Call, CallEvent, Cause, Turn
from tests.telephony_app.conftest import NOON, seconds

Kind = CallEvent.Kind
CALL = Call(created_at=NOON, ended_at=seconds(100))


def turn(speaker: str, begin: float, end: float | None, **fields: int) -> Turn:
    """What one side said, unsaved."""
    return Turn(
        speaker=speaker,
        text="Well.",
        spoken_from=seconds(begin),
        spoken_to=None if end is None else seconds(end),
        **fields,
    )


def drawn(
    *turns: Turn, call: Call = CALL, events: tuple[CallEvent, ...] = ()
) -> Timeline:
    """The picture of a call that lasted 100 s: a percent is a second."""
    return timeline(call, turns, events)


def test_speech_is_drawn_where_it_was() -> None:
    [bar] = drawn(turn("caller", 10, 25)).bars
    assert (bar.lane, bar.left, bar.width) == ("caller", 10, 15)


def test_bar_tells_words_moment_and_delay() -> None:
    [bar] = drawn(turn("agent", 70, 75, latency_ms=640)).bars
    assert bar.title == "1:10 Agent: Well. (after 640 ms)"


def test_long_silence_is_drawn_and_a_short_pause_is_not() -> None:
    [silence] = drawn(
        turn("agent", 0, 10), turn("caller", 12, 20), turn("agent", 30, 40)
    ).silences
    assert (silence.left, silence.width) == (20, 10)
    assert silence.title == "Silence of 10 s"


def test_speech_over_speech_is_no_silence() -> None:
    turns = turn("agent", 0, 30), turn("caller", 5, 8), turn("agent", 31, 40)
    assert drawn(*turns).silences == []


def test_speech_without_an_end_is_still_seen() -> None:
    assert drawn(turn("agent", 50, None)).bars[0].width > 0


def test_speech_after_the_end_widens_the_picture() -> None:
    assert drawn(turn("agent", 90, 200)).bars[0].width == 55


def test_bad_events_stand_out() -> None:
    events = (
        CallEvent(kind=Kind.CALLER_JOINED, at=seconds(1)),
        CallEvent(kind=Kind.AGENT_LOST, at=seconds(2)),
        CallEvent(kind=Kind.ENDED, cause=Cause.MODEL_UNAVAILABLE, at=seconds(9)),
    )
    marks = drawn(events=events).events
    assert [mark.is_alarming for mark in marks] == [False, True, True]
    assert marks[2].title == "0:09 Ended: The model was unreachable"


@pytest.mark.parametrize("length", [0, 1, 3, 59, 600, 7200])
def test_ticks_stay_few(length: int) -> None:
    call = Call(created_at=NOON, ended_at=seconds(length))
    ticks = drawn(call=call).ticks
    assert 1 <= len(ticks) <= MOST_TICKS + 1
    assert all(0 <= tick.left <= 100 for tick in ticks)
