"""An agent acts: what the caller hears of it, what really happens, what is written."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents_app.models import Agent
from telephony_app.models import Call, Cause
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended, job_pid
from tests.servers.stack import Stack
from tools_app.models import AgentTool, Outcome, PlatformTool, ToolCall

Talk = Callable[[Agent], tuple[Caller, Call]]
Clerk = Callable[..., Agent]
GREETING = "help you today?"
FILLER = "One moment, please."
KEY = "sesame-open-1234"


@pytest.fixture(autouse=True)
def _worker(stack: Stack) -> None:
    stack.worker()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """What really happened at the desk, line by line."""
    path = tmp_path / "book"
    path.touch()
    return path


@pytest.fixture
def clerk(stack: Stack, book: Path) -> Clerk:
    """An agent with a front desk, whose model first does what it is told here."""

    def make(*replies: Any, timeout: int = 10, **config: Any) -> Agent:
        script = f"[[sandbox {json.dumps({'replies': replies})}]]" if replies else ""
        agent = stack.make_agent(system_prompt=f"You are a hotel clerk. {script}")
        AgentTool.objects.create(
            agent=agent,
            platform_tool=PlatformTool.objects.get(key="front_desk"),
            name="desk",
            config={"book": str(book)} | config,
            sensitive_config={"key": KEY},
            unselected_functions=["secret_door"],
            timeout_seconds=timeout,
        )
        return agent

    return make


def calling(*functions: str, say: str | None = None, **arguments: Any) -> Any:
    """A reply of the model: functions to call, all at once."""
    call = [{"name": name, "args": arguments} for name in functions]
    return {"call": call} | ({"say": say} if say else {})


def reserving(day: str = "2026-12-24", say: str | None = None) -> Any:
    """A reply of the model: a side effect."""
    return calling("reserve_room", say=say, day=day, guests=2)


def rows(call: Call) -> list[ToolCall]:
    """What is written down of tools."""
    return list(call.tool_calls.all())


def happened(book: Path) -> list[str]:
    """What really happened, between opening and closing."""
    return [x for x in book.read_text().splitlines() if x not in ("setup", "aclose")]


def test_typed_request_is_asked_out_carried_out_and_written_down(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    caller, call = talk(clerk())
    with caller:
        caller.hears(GREETING)
        caller.types("I would like to reserve a room")
        caller.hears("What is the day?")
        caller.types("2026-12-24")
        caller.hears("What is the guests?")
        caller.types("3")
        caller.hears("Room seven is yours on 2026-12-24, for 3.")
        caller.hears_silence()
    [row] = rows(ended(stack, call))
    assert happened(book) == ["begin 2026-12-24 3", "end 2026-12-24 3"]
    assert (row.function, row.outcome) == ("reserve_room", Outcome.DONE)
    assert row.arguments == {"day": "2026-12-24", "guests": 3}
    assert book.read_text().splitlines()[0] == "setup"
    stack.wait_for(lambda: "aclose" in book.read_text(), "the closing of the tool")


def test_spoken_request_is_carried_out(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    caller, call = talk(clerk())
    with caller:
        caller.hears(GREETING)
        caller.hears_silence()
        caller.says("what is the room price")
        caller.hears("price: 80")
        caller.hears_silence()
    [row] = rows(ended(stack, call))
    assert (row.function, row.outcome) == ("get_room_price", Outcome.DONE)


def test_spoken_side_effect_is_confirmed_before_it_happens(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    caller, call = talk(clerk())
    with caller:
        caller.hears(GREETING)
        caller.hears_silence()
        caller.says("reserve a room for monday for two")
        caller.hears("Shall I reserve room")
        caller.hears_silence()
        assert happened(book) == []
        caller.says("yes please")
        caller.hears("Room seven is yours")
        caller.hears_silence()
    [row] = rows(ended(stack, call))
    assert (row.function, row.arguments["guests"]) == ("reserve_room", 2)
    assert len(happened(book)) == 2


def test_function_that_staff_unticked_is_refused(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    caller, call = talk(clerk(calling("secret_door")))
    with caller:
        caller.hears(GREETING)
        caller.types("Open the door.")
        caller.hears("Unknown function: secret door".replace(" door", "_door"))
    [row] = rows(ended(stack, call))
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


@pytest.mark.parametrize("function", FAULTS)
def test_caller_hears_sensible_words_whatever_a_function_does(
    stack: Stack, talk: Talk, clerk: Clerk, function: str
) -> None:
    words, outcome = FAULTS[function]
    caller, call = talk(clerk(calling(function)))
    with caller:
        caller.hears(GREETING)
        caller.types("Please.")
        caller.hears(words)
    [row] = rows(ended(stack, call))
    assert (row.function, row.outcome) == (function, outcome)
    assert KEY not in caller.transcript + row.error + row.result
    assert KEY not in stack.worker().log


def test_function_that_stalls_is_bridged_and_then_given_up(
    stack: Stack, talk: Talk, clerk: Clerk
) -> None:
    caller, call = talk(clerk(calling("stall"), timeout=4))
    with caller:
        caller.hears(GREETING)
        caller.hears_silence()
        asked_at = time.monotonic()
        caller.types("Please.")
        assert 1 < caller.hears_voice(since=asked_at) - asked_at < 3
        caller.hears(FILLER)
        caller.hears("This takes too long")
    [row] = rows(ended(stack, call))
    assert row.outcome == Outcome.TIMED_OUT
    assert caller.transcript.count(FILLER) == 1
    assert FILLER in [turn.text.strip() for turn in call.turns.all()]


def test_quick_function_needs_no_filler(stack: Stack, talk: Talk, clerk: Clerk) -> None:
    caller, call = talk(clerk(calling("pool_hours"), seconds=1))
    with caller:
        caller.hears(GREETING)
        caller.types("Please.")
        caller.hears("open until ten")
        caller.hears_silence()
    ended(stack, call)
    assert FILLER not in caller.transcript


def test_functions_called_at_once_are_answered_together(
    stack: Stack, talk: Talk, clerk: Clerk
) -> None:
    caller, call = talk(clerk(calling("get_room_price", "pool_hours"), seconds=2))
    with caller:
        caller.hears(GREETING)
        caller.types("Please.")
        caller.hears(FILLER)
        caller.hears("price: 80")
        caller.hears("open until ten")
    assert len(rows(ended(stack, call))) == 2
    assert caller.transcript.count(FILLER) == 1


def test_result_of_five_megabytes_is_cut(
    stack: Stack, talk: Talk, clerk: Clerk
) -> None:
    caller, call = talk(clerk(calling("flood"), {"say": "Anything else?"}))
    with caller:
        caller.hears(GREETING)
        caller.types("Please.")
        caller.hears("All the guests are well.")
    [row] = rows(ended(stack, call))
    assert row.result.endswith("more characters]")
    assert len(row.result) < 9_000


def test_side_effect_that_is_asked_for_twice_happens_once(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    caller, call = talk(clerk(reserving(), reserving()))
    with caller:
        caller.hears(GREETING)
        for _ in range(2):
            caller.types("Please.")
            caller.hears("Room seven is yours")
            caller.hears_silence()
            caller.words.clear()
    first, second = rows(ended(stack, call))
    assert happened(book) == ["begin 2026-12-24 2", "end 2026-12-24 2"]
    assert (first.was_repeated, second.was_repeated) == (False, True)
    assert second.result == first.result


def test_side_effect_that_the_caller_speaks_over_comes_to_its_end(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    agent = clerk(reserving(), {"say": "Yes, I am here."}, seconds=4)
    caller, call = talk(agent)
    with caller:
        caller.hears(GREETING)
        caller.hears_silence()
        caller.types("Please.")
        stack.wait_for(lambda: happened(book), "the begin of the side effect")
        caller.says("hello")
        caller.hears("Yes, I am here.")
        stack.wait_for(lambda: len(happened(book)) == 2, "the end of the side effect")
        caller.hears_silence()
    [row] = rows(ended(stack, call))
    assert row.outcome == Outcome.DONE
    assert row.was_cancelled
    assert row.result


def test_side_effect_comes_to_its_end_though_the_caller_hung_up(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    caller, call = talk(clerk(reserving(), seconds=3))
    with caller:
        caller.hears(GREETING)
        caller.types("Please.")
        stack.wait_for(lambda: happened(book), "the begin of the side effect")
    stack.wait_for(lambda: len(happened(book)) == 2, "the end of the side effect")
    [row] = rows(ended(stack, call))
    stack.wait_for(lambda: row.refresh_from_db() or row.result, "its result")
    assert row.outcome == Outcome.DONE


def test_job_that_dies_in_a_side_effect_leaves_it_begun_and_it_is_not_tried_again(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    caller, call = talk(clerk(reserving(), seconds=3))
    with caller:
        caller.hears(GREETING)
        caller.types("Please.")
        stack.wait_for(lambda: happened(book), "the begin of the side effect")
        os.kill(job_pid(call), signal.SIGKILL)
        caller.hears("we were cut off")
        caller.hears_silence()
        caller.types("Please.")
        caller.hears("nobody knows whether it went through")
    lost, again = rows(ended(stack, call))
    assert happened(book) == ["begin 2026-12-24 2"]
    assert (lost.outcome, again.outcome) == (Outcome.RUNNING, Outcome.REFUSED)


def test_secret_argument_is_in_no_row_and_no_log(
    stack: Stack, talk: Talk, clerk: Clerk, book: Path
) -> None:
    caller, call = talk(clerk(calling("pay_bill", card="4111 1111 1111 1111")))
    with caller:
        caller.hears(GREETING)
        caller.types("Please.")
        caller.hears("The bill is paid.")
    [row] = rows(ended(stack, call))
    assert row.arguments == {"card": "••••"}
    assert "1111 1111" not in stack.worker().log


def test_tool_that_cannot_be_opened_says_so_and_greets_no_later(
    stack: Stack, talk: Talk, clerk: Clerk
) -> None:
    caller, call = talk(clerk(calling("pool_hours"), is_locked=True))
    with caller:
        assert caller.hears_voice() - caller.joined_at < 3
        caller.hears(GREETING)
        caller.types("Please.")
        caller.hears("does not work at the moment")
    [row] = rows(ended(stack, call))
    assert row.outcome == Outcome.BROKEN
    assert row.error.startswith("ConnectionError in front_desk.py")
    assert KEY not in stack.worker().log


def test_agent_hangs_up_with_the_ready_made_farewell_when_it_said_none(
    stack: Stack, talk: Talk, clerk: Clerk
) -> None:
    caller, call = talk(clerk(calling("end_call")))
    with caller:
        caller.hears(GREETING)
        caller.types("Goodbye.")
        caller.hears("Thank you, and goodbye.")
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.AGENT_HUNG_UP
    assert caller.transcript.lower().count("goodbye") == 1


def test_agent_that_said_goodbye_hangs_up_after_its_last_word(
    stack: Stack, talk: Talk, clerk: Clerk
) -> None:
    words = "It was a pleasure to have you with us, and goodbye until the next time."
    caller, call = talk(clerk(calling("end_call", say=words)))
    with caller:
        caller.hears(GREETING)
        caller.hears_silence()
        caller.types("Goodbye.")
        began = caller.hears_voice(since=time.monotonic())
        caller.hears(words)
        caller.is_hung_up_on()
    assert max(caller.loud_at) - began > 3
    assert ended(stack, call).cause == Cause.AGENT_HUNG_UP
    assert caller.transcript.lower().count("goodbye") == 1
    [row] = rows(call)
    assert row.outcome == Outcome.DONE


def test_caller_who_goes_on_over_the_goodbye_is_not_hung_up_on(
    stack: Stack, talk: Talk, clerk: Clerk
) -> None:
    words = "It was a pleasure to have you with us, and goodbye until the next time."
    hang_up = calling("end_call", say=words)
    caller, call = talk(clerk(hang_up, {"say": "Of course."}, calling("end_call")))
    with caller:
        caller.hears(GREETING)
        caller.hears_silence()
        caller.types("Goodbye.")
        caller.hears("It was")
        caller.says("what can you do")
        caller.hears("Of course.")
        caller.hears_silence()
        assert caller.is_connected
        caller.types("Goodbye.")
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.AGENT_HUNG_UP
