"""What the model is told before the first word."""

import json

from livekit_worker.agent import instructions
from livekit_worker.plan import CallPlan, load_call
from livekit_worker.session import call_context
from livekit_worker.tools.control import Control
from telephony_app.models import Call

CALLER, OURS = "+15550001111", "+15550002222"


def plan(call: Call, **fields: str) -> CallPlan:
    """The plan of the call, with these fields."""
    Call.objects.update(**fields)
    return load_call(json.dumps({"call_id": str(call.pk)}), "")


def test_browser_call_has_the_staffs_words_alone(call: Call) -> None:
    told = plan(call)
    assert instructions(told) == told.config.system_prompt


def test_model_knows_who_calls_and_what_was_dialled(call: Call) -> None:
    told = plan(call, direction="inbound", caller=CALLER, callee=OURS)
    words = instructions(told)
    assert words.startswith(told.config.system_prompt)
    assert f"The caller's number is {CALLER}." in words
    assert f"The caller dialled {OURS}." in words


def test_model_knows_that_a_number_is_withheld(call: Call) -> None:
    told = plan(call, direction="inbound", caller="anonymous", callee=OURS)
    assert "The caller's number is withheld." in instructions(told)


def test_model_knows_whom_it_called(call: Call) -> None:
    told = plan(call, direction="outbound", caller=OURS, callee=CALLER)
    assert f"You called {CALLER}, from {OURS}." in instructions(told)


def test_tools_know_the_number_of_the_other_side(call: Call) -> None:
    came = plan(call, direction="inbound", caller=CALLER, callee=OURS)
    assert call_context(came, Control()).caller == CALLER
    called = plan(call, direction="outbound", caller=OURS, callee=CALLER)
    assert call_context(called, Control()).caller == CALLER


def test_tools_know_no_number_of_who_withholds_it(call: Call) -> None:
    hidden = plan(call, direction="inbound", caller="anonymous", callee=OURS)
    assert call_context(hidden, Control()).caller == ""
