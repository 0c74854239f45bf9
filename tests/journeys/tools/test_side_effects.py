"""What changes something: confirmed first, done once, and brought to its end."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import job_pid
from tests.journeys.tools.conftest import Clerk, Greeted, Written, calling, happened
from tests.servers.stack import Stack
from tools_app.models import Outcome

RESERVE = calling("reserve_room", day="2026-12-24", guests=2)
BEGIN, END = "begin 2026-12-24 2", "end 2026-12-24 2"


@pytest.fixture
def begun(stack: Stack, book: Path) -> Callable[[], None]:
    """Waits until it began."""
    return lambda: stack.wait_for(
        lambda: happened(book) == [BEGIN], "the begin of the side effect"
    )


@pytest.fixture
def done(stack: Stack, book: Path) -> Callable[[], None]:
    """Waits until it came to its end."""
    return lambda: stack.wait_for(
        lambda: happened(book) == [BEGIN, END], "the end of the side effect"
    )


def test_spoken_one_is_confirmed_before_it_happens(
    greeted: Greeted, clerk: Clerk, book: Path, written: Written
) -> None:
    with greeted(clerk()) as (caller, call):
        caller.hears_silence()
        caller.asks("reserve a room for monday for two", "Shall I reserve room")
        assert happened(book) == []
        caller.asks("yes please", "Room seven is yours")
    [row] = written(call)
    assert (row.function, row.arguments["guests"]) == ("reserve_room", 2)
    assert len(happened(book)) == 2


def test_one_that_is_asked_for_twice_happens_once(
    greeted: Greeted, clerk: Clerk, book: Path, written: Written
) -> None:
    with greeted(clerk(RESERVE, RESERVE)) as (caller, call):
        for _ in range(2):
            caller.types("Please.")
            caller.hears("Room seven is yours")
            caller.hears_silence()
            caller.words.clear()
    first, second = written(call)
    assert happened(book) == [BEGIN, END]
    assert (first.was_repeated, second.was_repeated) == (False, True)
    assert second.result == first.result


def test_one_that_the_caller_speaks_over_comes_to_its_end(
    greeted: Greeted,
    clerk: Clerk,
    begun: Callable[[], None],
    done: Callable[[], None],
    written: Written,
) -> None:
    agent = clerk(RESERVE, {"say": "Yes, I am here."}, seconds=4)
    with greeted(agent) as (caller, call):
        caller.hears_silence()
        caller.types("Please.")
        begun()
        caller.says("hello")
        caller.hears("Yes, I am here.")
        done()
        caller.hears_silence()
    [row] = written(call)
    assert row.outcome == Outcome.DONE
    assert row.was_cancelled
    assert row.result


def test_one_comes_to_its_end_though_the_caller_hung_up(
    stack: Stack,
    asked: Greeted,
    clerk: Clerk,
    begun: Callable[[], None],
    done: Callable[[], None],
    written: Written,
) -> None:
    with asked(clerk(RESERVE, seconds=3)) as (_, call):
        begun()
    done()
    [row] = written(call)
    stack.wait_for(lambda: row.refresh_from_db() or row.result, "its result")
    assert row.outcome == Outcome.DONE


def test_one_in_which_the_job_dies_stays_begun_and_is_not_tried_again(
    asked: Greeted,
    clerk: Clerk,
    book: Path,
    begun: Callable[[], None],
    written: Written,
) -> None:
    with asked(clerk(RESERVE, seconds=3)) as (caller, call):
        begun()
        os.kill(job_pid(call), signal.SIGKILL)
        caller.hears("we were cut off")
        caller.hears_silence()
        caller.types("Please.")
        caller.hears("nobody knows whether it went through")
    lost, again = written(call)
    assert happened(book) == [BEGIN]
    assert (lost.outcome, again.outcome) == (Outcome.RUNNING, Outcome.REFUSED)
