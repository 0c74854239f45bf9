"""Stretches of time, and which of them are free.

All moments are in UTC: Python compares two moments of one time zone by their wall
clock, which is wrong in the hours around a change to or from summer time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, order=True)
class Span:
    """From one moment up to another, which is not in it."""

    begin: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.begin

    def overlaps(self, other: "Span") -> bool:
        """Whether they share any time."""
        return self.begin < other.end and other.begin < self.end

    def covers(self, other: "Span") -> bool:
        """Whether all of the other is in it."""
        return self.begin <= other.begin and other.end <= self.end

    def widened(self, margin: timedelta) -> "Span":
        """With a margin before and after it."""
        return Span(self.begin - margin, self.end + margin)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as possible, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.begin <= found[-1].end:
            found[-1] = Span(found[-1].begin, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def gaps(within: Span, busy: Iterable[Span]) -> Iterator[Span]:
    """What of a span is left free, in order."""
    begin = within.begin
    for span in merged(busy):
        if begin < min(span.begin, within.end):
            yield Span(begin, min(span.begin, within.end))
        begin = max(begin, span.end)
    if begin < within.end:
        yield Span(begin, within.end)


def starts(
    within: Span, free: Span, length: timedelta, step: timedelta
) -> Iterator[datetime]:
    """When something of this length may begin in free time, by steps counted from the
    begin of the opening hours that it is within."""
    skipped = max(0, -((within.begin - free.begin) // step))
    begin = within.begin + skipped * step
    while begin + length <= free.end:
        yield begin
        begin += step
