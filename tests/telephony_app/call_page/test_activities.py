"""What an agent did during a call besides talking."""

import pytest

from telephony_app.call_page.activities import Activity, failures, median_ms
from telephony_app.call_page.page import Deed, Line, call_page
from telephony_app.call_page.timeline import timeline
from telephony_app.models import Call
from tests.telephony_app.call_page.test_timeline import CALL
from tests.telephony_app.conftest import NOON, seconds, turn_of


def activity(begin: float, end: float | None, *, failure: str = "") -> Activity:
    """Something that a tool did, so many seconds after noon."""
    until = None if end is None else seconds(end)
    return Activity(seconds(begin), until, "look_up: Done", "t.html", None, failure)


def test_length_is_known_once_it_ended() -> None:
    assert activity(1, 2.5).milliseconds == 1500
    assert activity(1, None).milliseconds is None


def test_median_leaves_out_what_runs() -> None:
    assert median_ms([activity(0, 1), activity(0, 3), activity(5, None)]) == 2000
    assert median_ms([activity(0, None)]) is None


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        ([""], ""),
        (["book"], "1 tool call failed: book."),
        (["book", "", "book", "sms"], "3 tool calls failed: book (2 times), sms."),
    ],
)
def test_failures_are_counted_by_name(names: list[str], words: str) -> None:
    assert failures([activity(0, 1, failure=name) for name in names]) == words


def test_bar_is_drawn_where_it_worked_and_stands_out_when_it_failed() -> None:
    done = [activity(10, 25), activity(50, 60, failure="book")]
    good, bad = timeline(CALL, [], [], done).activities
    assert (good.left, good.width, good.is_alarming) == (10, 15, False)
    assert (bad.left, bad.width, bad.is_alarming) == (50, 10, True)
    assert good.title == "0:10 look_up: Done"


def test_short_one_is_still_seen() -> None:
    [bar] = timeline(CALL, [], [], [activity(10, 10)]).activities
    assert bar.width > 0


def test_picture_tells_screen_readers_of_tools_where_there_are_any() -> None:
    with_tool = timeline(CALL, [], [], [activity(1, 2)]).summary
    assert with_tool.endswith("Tools were at work 1 times.")
    assert "Tools" not in timeline(CALL, [], []).summary


def test_transcript_is_in_the_order_of_time(call: Call) -> None:
    turn_of(call, "caller", "Is it free?", spoken_from=seconds(1))
    turn_of(call, "agent", "It is.", spoken_from=seconds(5))
    lines = call_page(call, [activity(3, 4)])["lines"]
    assert [type(line) for line in lines] == [Line, Deed, Line]
    assert lines[1].moment == "0:03"


def test_facts_name_tools_only_where_some_worked(call: Call) -> None:
    assert call.created_at == NOON
    names = [fact.name for fact in call_page(call)["facts"]]
    assert "Tool calls" not in names
    facts = call_page(call, [activity(3, 4)])["facts"]
    [fact] = [fact for fact in facts if fact.name == "Tool calls"]
    assert (fact.value, fact.remark) == ("1", "1000 ms, median")
