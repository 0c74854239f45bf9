"""An agent that ends the call: its goodbye is heard once, and to its end."""

import time

import pytest

from telephony_app.models import Cause
from tests.journeys.conftest import ended
from tests.journeys.tools.conftest import Clerk, Greeted, calling
from tests.servers.stack import Stack
from tools_app.models import Outcome

pytestmark = pytest.mark.heavy
GOODBYE = "It was a pleasure to have you with us, and goodbye until the next time."


def test_ready_made_farewell_is_said_when_the_agent_said_none(
    stack: Stack, asked: Greeted, clerk: Clerk
) -> None:
    with asked(clerk(calling("end_call"))) as (caller, call):
        caller.hears("Thank you, and goodbye.")
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.AGENT_HUNG_UP
    assert caller.transcript.lower().count("goodbye") == 1


def test_line_drops_after_the_last_word_of_the_agents_own_goodbye(
    stack: Stack, greeted: Greeted, clerk: Clerk
) -> None:
    with greeted(clerk(calling("end_call", say=GOODBYE))) as (caller, call):
        caller.hears_silence()
        caller.types("Goodbye.")
        began = caller.hears_voice(since=time.monotonic())
        caller.hears(GOODBYE)
        caller.is_hung_up_on()
    assert max(caller.loud_at) - began > 3
    assert ended(stack, call).cause == Cause.AGENT_HUNG_UP
    assert caller.transcript.lower().count("goodbye") == 1
    assert call.tool_calls.get().outcome == Outcome.DONE


def test_caller_who_goes_on_over_the_goodbye_is_not_hung_up_on(
    stack: Stack, greeted: Greeted, clerk: Clerk
) -> None:
    hang_up = calling("end_call", say=GOODBYE)
    agent = clerk(hang_up, {"say": "Of course."}, calling("end_call"))
    with greeted(agent) as (caller, call):
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
