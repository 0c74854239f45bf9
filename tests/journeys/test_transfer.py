"""A caller asks for a person: who rings, who hears what, and where the call stands."""

import json
from typing import Any

import pytest

from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, CallingPolicy, Cause
from tests.journeys.called import CalledPhone, words
from tests.journeys.conftest import ended
from tests.journeys.phone_line import CALLER, Connect, call_of
from tests.servers.stack import Stack
from tests.standins.twilio import Twilio
from tests.standins.twilio_line import Line
from tools_app.models import AgentTool, Outcome, PlatformTool

SALES = "+12025550150"
ANNOUNCED = "I will put you through to Sales."
Kind = CallEvent.Kind


@pytest.fixture(autouse=True)
def _worker(phone_stack: Stack) -> None:
    phone_stack.worker()


def clerk(stack: Stack, *, say: str | None = ANNOUNCED, **config: Any) -> Agent:
    """An agent that puts its caller through to Sales, and talks on by itself."""
    call = [{"name": "transfer_call", "args": {"target": "Sales"}}]
    reply = {"call": call} | ({"say": say} if say else {})
    script = f"[[sandbox {json.dumps({'replies': [reply]})}]]"
    agent = stack.make_agent(system_prompt=f"You are a clerk. {script}")
    CallingPolicy.objects.create(organization=agent.organization, countries=["US"])
    AgentTool.objects.create(
        agent=agent,
        platform_tool=PlatformTool.objects.get(key="transfer_call"),
        name="transfer_call",
        config={"targets": [f"Sales | {SALES} | who wants to buy"]} | config,
    )
    return agent


def asks_for_sales(line: Line) -> None:
    """The caller is greeted, and asks."""
    line.is_answered()
    line.hears_voice()
    line.hears_silence()
    line.presses("1#")


def moves(call: Call) -> list[tuple[str, str]]:
    """Where the caller went, and why."""
    moved = call.events.filter(kind__in=[Kind.TRANSFERRED, Kind.RETURNED])
    return list(moved.order_by("at").values_list("kind", "detail"))


def test_person_picks_up_and_has_the_caller(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    number = connect(clerk(phone_stack))
    with CalledPhone(greeting=words("Sales, good morning.")) as sales:
        stack_twilio.people[SALES] = sales.phone.uri()
        with stack_twilio.dial(CALLER, number.number) as line:
            asks_for_sales(line)
            talk = sales.is_called()
            line.hears_voice()
            call = ended(phone_stack, call_of(line))
            assert (call.cause, call.transferred_to) == (Cause.TRANSFERRED, SALES)
            assert not line.call.is_over
            sales.hangs_up(talk)
            line.is_hung_up_on()
    assert moves(call) == [(Kind.TRANSFERRED, "To +1 202-555-0150")]
    assert ANNOUNCED in [turn.text.strip() for turn in call.turns.all()]
    assert talk.invite.headers["From"].count(CALLER)


@pytest.mark.parametrize(
    ("status", "why"), [(486, "The line was busy."), (None, "Nobody picked up.")]
)
def test_caller_whom_nobody_takes_comes_back_and_hears_the_agent(
    phone_stack: Stack,
    stack_twilio: Twilio,
    connect: Connect,
    status: int | None,
    why: str,
) -> None:
    number = connect(clerk(phone_stack))
    with CalledPhone(status=status) as sales:
        stack_twilio.people[SALES] = sales.phone.uri()
        with stack_twilio.dial(CALLER, number.number) as line:
            asks_for_sales(line)
            sales.is_called()
            call = call_of(line)
            phone_stack.wait_for(lambda: moves(call)[1:], "the return", seconds=40)
            line.is_answered()
            line.hears_voice()
            line.hears_silence()
            line.says("what can you do")
            line.hears_silence()
        ended(phone_stack, call)
    assert moves(call)[1] == (Kind.RETURNED, why)
    assert (call.cause, call.transferred_to) == (Cause.CALLER_HUNG_UP, "")
    row = call.tool_calls.get()
    assert (row.outcome, why in row.error) == (Outcome.FAILED, True)
    [first, said, told, *_] = [t.text for t in call.turns.filter(speaker="agent")]
    assert "could not be reached" in told
