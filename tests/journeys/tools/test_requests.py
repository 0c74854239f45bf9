"""An agent acts: what the caller hears of it, what really happens, what is written."""

from pathlib import Path

import pytest

from tests.journeys.tools.conftest import (
    KEY,
    Clerk,
    Greeted,
    Written,
    calling,
    happened,
)
from tests.servers.stack import Stack
from tools_app.models import Outcome


def test_typed_request_is_asked_out_carried_out_and_written_down(
    stack: Stack, greeted: Greeted, clerk: Clerk, book: Path, written: Written
) -> None:
    with greeted(clerk()) as (caller, call):
        caller.types("I would like to reserve a room")
        caller.hears("What is the day?")
        caller.types("2026-12-24")
        caller.hears("What is the guests?")
        caller.types("3")
        caller.hears("Room seven is yours on 2026-12-24, for 3.")
        caller.hears_silence()
    [row] = written(call)
    assert happened(book) == ["begin 2026-12-24 3", "end 2026-12-24 3"]
    assert (row.function, row.outcome) == ("reserve_room", Outcome.DONE)
    assert row.arguments == {"day": "2026-12-24", "guests": 3}
    assert book.read_text().splitlines()[0] == "setup"
    stack.wait_for(lambda: "aclose" in book.read_text(), "the closing of the tool")


def test_spoken_request_is_carried_out(
    greeted: Greeted, clerk: Clerk, written: Written
) -> None:
    with greeted(clerk()) as (caller, call):
        caller.hears_silence()
        caller.asks("what is the room price", "price: 80")
    [row] = written(call)
    assert (row.function, row.outcome) == ("get_room_price", Outcome.DONE)


def test_function_that_staff_unticked_is_refused(
    asked: Greeted, clerk: Clerk, book: Path, written: Written
) -> None:
    with asked(clerk(calling("secret_door"))) as (caller, call):
        caller.hears("Unknown function: secret_door")
    [row] = written(call)
    assert (row.function, row.outcome) == ("secret_door", Outcome.REFUSED)
    assert happened(book) == []


FAULTS = {
    "full_house": ("The house is full.", Outcome.FAILED),
    "burst": ("does not work at the moment", Outcome.BROKEN),
    "reserve_room": ("day is missing", Outcome.INVALID),
    "transfer_call": ("cannot be put through", Outcome.FAILED),
    "ring_bell": ("nothing to tell", Outcome.DONE),
    "no_such_function": ("Unknown function", Outcome.REFUSED),
}


@pytest.mark.heavy
@pytest.mark.parametrize("function", FAULTS)
def test_caller_hears_sensible_words_whatever_a_function_does(
    stack: Stack, asked: Greeted, clerk: Clerk, written: Written, function: str
) -> None:
    words, outcome = FAULTS[function]
    with asked(clerk(calling(function))) as (caller, call):
        caller.hears(words)
    [row] = written(call)
    assert (row.function, row.outcome) == (function, outcome)
    assert KEY not in caller.transcript + row.error + row.result
    assert KEY not in stack.worker().log


@pytest.mark.heavy
def test_result_of_five_megabytes_is_cut(
    asked: Greeted, clerk: Clerk, written: Written
) -> None:
    agent = clerk(calling("flood"), {"say": "Anything else?"})
    with asked(agent) as (caller, call):
        caller.hears("All the guests are well.")
    [row] = written(call)
    assert row.result.endswith("more characters]")
    assert len(row.result) < 9_000


def test_secret_argument_is_in_no_row_and_no_log(
    stack: Stack, asked: Greeted, clerk: Clerk, written: Written
) -> None:
    agent = clerk(calling("pay_bill", card="4111 1111 1111 1111"))
    with asked(agent) as (caller, call):
        caller.hears("The bill is paid.")
    [row] = written(call)
    assert row.arguments == {"card": "••••"}
    assert "1111 1111" not in stack.worker().log


@pytest.mark.heavy
def test_tool_that_cannot_be_opened_says_so_and_greets_no_later(
    stack: Stack, asked: Greeted, clerk: Clerk, written: Written
) -> None:
    with asked(clerk(calling("pool_hours"), is_locked=True)) as (caller, call):
        assert caller.hears_voice() - caller.joined_at < 3
        caller.hears("does not work at the moment")
    [row] = written(call)
    assert row.outcome == Outcome.BROKEN
    assert row.error.startswith("ConnectionError in front_desk.py")
    assert KEY not in stack.worker().log
