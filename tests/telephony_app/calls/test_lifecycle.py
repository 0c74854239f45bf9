"""A call's state follows from the set of its events."""

import random
from dataclasses import dataclass
from datetime import datetime
from itertools import permutations

import pytest

from telephony_app.calls.lifecycle import picture, record
from telephony_app.models import Call, CallEvent, Cause, State
from tests.telephony_app.conftest import call_of, seconds

Kind = CallEvent.Kind


@dataclass(frozen=True)
class Said:
    """A report as a reporter would send it."""

    kind: str
    second: float
    cause: str = ""
    detail: str = ""

    @property
    def at(self) -> datetime:
        return seconds(self.second)


MADE = Said(Kind.ROOM_MADE, 0)
HERE = Said(Kind.CALLER_JOINED, 1)
AGENT = Said(Kind.AGENT_JOINED, 1)
SPOKE = Said(Kind.ANSWERED, 2)
LEFT = Said(Kind.CALLER_LEFT, 60, Cause.CALLER_HUNG_UP)
LOST = Said(Kind.CALLER_LEFT, 60, Cause.CALLER_LOST)
REMOVED = Said(Kind.CALLER_LEFT, 60)
BACK = Said(Kind.CALLER_JOINED, 62)
CLOSED = Said(Kind.ENDED, 65, Cause.ROOM_CLOSED)
GONE = Said(Kind.TRANSFERRED, 59)
RETURNED = Said(Kind.RETURNED, 61)
TAKEN = Said(Kind.ENDED, 63, Cause.TRANSFERRED)
GAVE_UP = Said(Kind.ENDED, 63, Cause.CALLER_HUNG_UP)
LEFT_AT_LAST = Said(Kind.CALLER_LEFT, 64, Cause.CALLER_HUNG_UP)
FORWARDED = Said(Kind.TRANSFERRED, 66)
STAFF = Said(Kind.ENDED, 60, Cause.STAFF_ENDED)

STORIES = {
    "hung up": ([MADE, HERE, AGENT, SPOKE, LEFT, CLOSED], Cause.CALLER_HUNG_UP),
    "line lost": ([MADE, HERE, AGENT, SPOKE, LOST, CLOSED], Cause.CALLER_LOST),
    "never came": ([MADE, AGENT, CLOSED], Cause.ABANDONED),
    "removed": ([MADE, HERE, SPOKE, REMOVED, CLOSED], Cause.ROOM_CLOSED),
    "came back": ([MADE, HERE, SPOKE, LOST, BACK, CLOSED], Cause.ROOM_CLOSED),
    "ended by staff": ([MADE, HERE, SPOKE, STAFF, LEFT, CLOSED], Cause.STAFF_ENDED),
    "put through": ([HERE, SPOKE, GONE, LEFT, TAKEN, CLOSED], Cause.TRANSFERRED),
    "nobody told": ([HERE, SPOKE, GONE, LEFT, CLOSED], Cause.TRANSFERRED),
    "gave up while it rang": (
        [SPOKE, GONE, LEFT, GAVE_UP, CLOSED],
        Cause.CALLER_HUNG_UP,
    ),
    "not answered, hung up then": (
        [HERE, GONE, LEFT, RETURNED, BACK, LEFT_AT_LAST, CLOSED],
        Cause.CALLER_HUNG_UP,
    ),
    "forwarded for a closed room": (
        [HERE, REMOVED, CLOSED, FORWARDED],
        Cause.ROOM_CLOSED,
    ),
    "still ringing a person": ([HERE, SPOKE, GONE, LEFT], ""),
    "still talking": ([MADE, HERE, AGENT, SPOKE], ""),
}


@pytest.mark.parametrize("story", STORIES)
def test_every_order_of_the_reports_gives_the_same_picture(story: str) -> None:
    reports, cause = STORIES[story]
    pictures = {picture(order) for order in permutations(reports)}
    assert len(pictures) == 1
    assert pictures.pop().cause == cause


@pytest.mark.django_db
@pytest.mark.parametrize("story", STORIES)
def test_reports_sent_twice_in_any_order_end_in_the_same_row(
    story: str, call: Call
) -> None:
    reports, cause = STORIES[story]
    rows = set()
    for seed in range(4):
        row = call_of(call.agent)
        order = list(enumerate(reports)) * 2
        random.Random(seed).shuffle(order)  # noqa: S311
        for n, report in order:
            _send(row, report, key=str(n))
        rows.add((row.state, row.cause, row.answered_at, row.ended_at))
        assert row.events.count() == len(reports)
    assert len(rows) == 1
    assert rows.pop()[1] == cause


def _send(call: Call, report: Said, *, key: str) -> None:
    cause = Cause(report.cause) if report.cause else None
    record(call, report.kind, source="test", key=key, at=report.at, cause=cause)


def test_a_call_never_moves_backward() -> None:
    assert picture([SPOKE, CLOSED, HERE]).state == State.ENDED


def test_a_caller_who_hung_up_ended_the_call_when_leaving() -> None:
    assert picture([HERE, SPOKE, LEFT, CLOSED]).ended_at == LEFT.at


def test_of_two_causes_the_weightier_counts() -> None:
    crash = Said(Kind.ENDED, 70, Cause.MODEL_UNAVAILABLE, "no answer")
    seen = picture([CLOSED, LEFT, HERE, crash])
    assert (seen.cause, seen.error) == (Cause.MODEL_UNAVAILABLE, "no answer")
