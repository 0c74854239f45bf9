"""A test of a tool has an agent, but no call."""

from collections.abc import Callable
from typing import Any

import pytest

from agents_app.models import Agent
from tools_app.errors import ToolError
from tools_app.trial.context import TrialContext

USES: dict[str, Callable[[Any], Any]] = {
    "session": lambda context: context.session,
    "speech_handle": lambda context: context.speech_handle,
    "function_call": lambda context: context.function_call,
    "what is newer": lambda context: context.userdata.control.dance,
}


def test_functions_are_told_the_agent_and_no_caller(agent: Agent) -> None:
    userdata = TrialContext(agent).userdata
    assert (userdata.agent_name, userdata.caller) == ("Ava", "")
    assert userdata.call_id is None


@pytest.mark.parametrize("use", USES)
def test_what_needs_a_call_says_so(agent: Agent, use: str) -> None:
    with pytest.raises(ToolError, match="call"):
        USES[use](TrialContext(agent))


@pytest.mark.parametrize(
    ("verb", "given"), [("hang_up", ()), ("press", ("1",)), ("transfer", ("Sales",))]
)
async def test_call_cannot_be_controlled_where_there_is_none(
    verb: str, given: tuple[str, ...]
) -> None:
    control = TrialContext(Agent(name="Ava")).userdata.control
    with pytest.raises(ToolError, match="call"):
        await getattr(control, verb)(*given)
