"""What journeys share: an agent that a browser can call, and the caller."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from agents_app.models import Agent
from telephony_app.models import Call, State
from tests.journeys.caller import Caller
from tests.servers.stack import Stack

PROMPT = (
    "You are the receptionist of Bright Dental. "
    "Opening hours: we are open Monday to Friday from 9 to 5. "
    "The address is 12 High Street. A check-up costs 80 dollars."
)
Dial = Callable[..., Caller]


@pytest.fixture
def talk(stack: Stack) -> Callable[[Agent], tuple[Caller, Call]]:
    """Press *Talk*: open a voice session as the admin and be its caller."""

    def open_session(agent: Agent) -> tuple[Caller, Call]:
        answer = stack.signed_in().post(
            f"{stack.url}/api/v1/voice/session", json={"agent_id": agent.pk}
        )
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return Caller(body), Call.objects.get(pk=body["call_id"])

    return open_session


@pytest.fixture
def receptionist(stack: Stack) -> Agent:
    """An agent that knows its opening hours, address and a price."""
    return stack.make_agent(system_prompt=PROMPT)


def job_pid(call: Call) -> int:
    """The process that holds the call now, as the call's events tell."""
    joined = call.events.filter(kind="agent_joined", detail__startswith="process")
    last = joined.order_by("at").last()
    assert last
    number = re.search(r"process (\d+)", last.detail)
    assert number
    return int(number[1])


def ended(stack: Stack, call: Call) -> Call:
    """The call, once it has ended and every turn of it is final."""
    stack.wait_for(lambda: _is_over(call), "the call's end")
    return call


def _is_over(call: Call) -> bool:
    call.refresh_from_db()
    waiting = call.turns.filter(is_final=False) if call.dispatches == 1 else ()
    return call.state == State.ENDED and not len(waiting)
