"""What a caller hears while a function takes its time."""

import time

import pytest

from tests.journeys.tools.conftest import Clerk, Greeted, Written, calling
from tools_app.models import Outcome

pytestmark = pytest.mark.heavy
FILLER = "One moment, please."


def test_function_that_stalls_is_bridged_and_then_given_up(
    greeted: Greeted, clerk: Clerk, written: Written
) -> None:
    with greeted(clerk(calling("stall"), timeout=4)) as (caller, call):
        caller.hears_silence()
        asked_at = time.monotonic()
        caller.types("Please.")
        assert 1 < caller.hears_voice(since=asked_at) - asked_at < 3
        caller.hears(FILLER)
        caller.hears("This takes too long")
    [row] = written(call)
    assert row.outcome == Outcome.TIMED_OUT
    assert caller.transcript.count(FILLER) == 1
    assert FILLER in [turn.text.strip() for turn in call.turns.all()]


def test_quick_function_needs_no_filler(
    asked: Greeted, clerk: Clerk, written: Written
) -> None:
    with asked(clerk(calling("pool_hours"), seconds=1)) as (caller, call):
        caller.hears("open until ten")
        caller.hears_silence()
    assert len(written(call)) == 1
    assert FILLER not in caller.transcript


def test_functions_called_at_once_are_answered_together(
    asked: Greeted, clerk: Clerk, written: Written
) -> None:
    agent = clerk(calling("get_room_price", "pool_hours"), seconds=2)
    with asked(agent) as (caller, call):
        caller.hears(FILLER)
        caller.hears("price: 80")
        caller.hears("open until ten")
    assert len(written(call)) == 2
    assert caller.transcript.count(FILLER) == 1
