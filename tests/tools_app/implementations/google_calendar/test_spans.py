"""Free time between what is taken."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from tools_app.implementations.google_calendar.spans import Span, gaps, merged, starts

DAY = datetime(2030, 11, 26, tzinfo=UTC)
SLOT = timedelta(minutes=30)


def span(begin: float, end: float) -> Span:
    """From one hour of the day to another."""
    return Span(DAY + timedelta(hours=begin), DAY + timedelta(hours=end))


def some_busy(seed: int) -> list[Span]:
    """Events as they come: any length, any order, one over the other."""
    chance = random.Random(seed)  # noqa: S311
    begins = [chance.uniform(-2, 26) for _ in range(chance.randrange(12))]
    return [span(begin, begin + chance.uniform(0.05, 4)) for begin in begins]


def test_spans_that_touch_do_not_overlap() -> None:
    assert not span(9, 10).overlaps(span(10, 11))
    assert span(9, 10.1).overlaps(span(10, 11))


def test_merged_joins_what_touches_or_overlaps() -> None:
    spans = [span(12, 13), span(9, 10), span(10, 11), span(9.5, 9.7)]
    assert merged(spans) == [span(9, 11), span(12, 13)]


def test_gaps_are_what_is_left() -> None:
    busy = [span(8, 9.5), span(11, 12), span(11.5, 13), span(16.5, 20)]
    assert list(gaps(span(9, 17), busy)) == [span(9.5, 11), span(13, 16.5)]


def test_whole_span_is_free_without_events_and_none_of_it_below_one() -> None:
    assert list(gaps(span(9, 17), [])) == [span(9, 17)]
    assert list(gaps(span(9, 17), [span(0, 24)])) == []


def test_starts_are_steps_from_the_opening() -> None:
    found = starts(span(9, 17), span(10.2, 11.6), SLOT, SLOT)
    assert list(found) == [span(10.5, 11).begin, span(11, 12).begin]


def test_start_leaves_room_for_the_whole_length() -> None:
    found = list(starts(span(9, 17), span(15, 17), timedelta(minutes=90), SLOT))
    assert found == [span(15, 17).begin, span(15.5, 17).begin]


@pytest.mark.parametrize("seed", range(100))
def test_offered_times_are_inside_the_hours_and_over_no_event(seed: int) -> None:
    hours, busy = span(9, 17), some_busy(seed)
    for free in gaps(hours, busy):
        for begin in starts(hours, free, SLOT * 2, SLOT):
            offered = Span(begin, begin + SLOT * 2)
            assert hours.covers(offered)
            assert not any(taken.overlaps(offered) for taken in busy)


@pytest.mark.parametrize("seed", range(100))
def test_no_time_that_is_free_is_kept_back(seed: int) -> None:
    hours, busy = span(9, 17), some_busy(seed)
    free = [b for gap in gaps(hours, busy) for b in starts(hours, gap, SLOT, SLOT)]
    for begin in starts(hours, hours, SLOT, SLOT):
        wished = Span(begin, begin + SLOT)
        assert (begin in free) != any(taken.overlaps(wished) for taken in busy)
