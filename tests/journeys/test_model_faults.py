"""The model misbehaves, and the caller hears sensible words all the same."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, Cause
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy

Talk = Callable[[Agent], tuple[Caller, Call]]
GREETING = "help you today?"
APOLOGY = "I cannot take your call right now"


@pytest.fixture(autouse=True)
def _worker(stack: Stack) -> None:
    stack.worker()


@pytest.fixture
def agent_with(stack: Stack) -> Callable[..., Agent]:
    """An agent whose model follows a scenario."""

    def make(**scenario: Any) -> Agent:
        return stack.make_agent(system_prompt=f"[[sandbox {json.dumps(scenario)}]]")

    return make


def test_wrong_key_is_apologized_for_and_said_in_the_row(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent]
) -> None:
    caller, call = talk(agent_with(refuse=True))
    with caller:
        caller.hears(APOLOGY)
        caller.hears_voice()
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.MODEL_UNAVAILABLE
    assert "GOOGLE_API_KEY" in call.error


def test_model_that_drops_every_connection_is_given_up_with_words(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent]
) -> None:
    caller, call = talk(agent_with(close_at_setup=1011))
    with caller:
        caller.hears(APOLOGY)
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.MODEL_UNAVAILABLE


def test_greeting_does_not_wait_for_a_slow_model(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent]
) -> None:
    caller, call = talk(agent_with(setup_delay=4, replies=[{"say": "Here I am."}]))
    with caller:
        caller.hears_voice(seconds=3)
        caller.hears(GREETING)
        caller.types("Hello?")
        caller.hears("Here I am.")
    ended(stack, call)


@pytest.mark.parametrize("code", [1006, 1008, 1011])
def test_conversation_goes_on_after_the_model_dropped_the_socket(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent], code: int
) -> None:
    replies = [{"say": "One.", "close": code}, {"say": "Two."}]
    caller, call = talk(agent_with(replies=replies))
    with caller:
        caller.hears(GREETING)
        caller.types("First?")
        caller.hears("One.")
        caller.hears_silence()
        caller.types("Second?")
        caller.hears("Two.")
        caller.hears_silence()
    ended(stack, call)
    assert call.cause == Cause.CALLER_HUNG_UP
    assert call.events.filter(kind=CallEvent.Kind.MODEL_RECONNECTED).exists()


def test_conversation_goes_on_after_the_model_announced_its_leaving(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent]
) -> None:
    replies = [{"say": "One.", "go_away": True}, {"say": "Two."}]
    caller, call = talk(agent_with(replies=replies))
    with caller:
        caller.hears(GREETING)
        caller.types("First?")
        caller.hears("One.")
        caller.hears_silence()
        caller.types("Second?")
        caller.hears("Two.")
    ended(stack, call)


def test_model_that_ignores_a_question_is_asked_again(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent]
) -> None:
    caller, call = talk(agent_with(replies=[{}, {"say": "Sorry, yes."}]))
    with caller:
        caller.hears(GREETING)
        caller.types("Are you open?")
        caller.hears("Sorry, yes.")
    ended(stack, call)
    assert call.events.filter(kind=CallEvent.Kind.PROBLEM).exists()


def test_model_that_stays_silent_is_given_up_with_words(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent]
) -> None:
    caller, call = talk(agent_with(replies=[{}, {}, {}, {}]))
    with caller:
        caller.hears(GREETING)
        caller.types("Are you open?")
        caller.hears(APOLOGY, seconds=40)
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.MODEL_UNAVAILABLE


def test_model_that_stalls_in_mid_answer_is_asked_again(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent]
) -> None:
    replies = [{"say": "We are open from", "stall": True}, {"say": "Nine to five."}]
    caller, call = talk(agent_with(replies=replies))
    with caller:
        caller.hears(GREETING)
        caller.types("Are you open?")
        caller.hears("We are open from")
        caller.hears("Nine to five.")
        caller.hears_silence()
    ended(stack, call)
    assert call.cause == Cause.CALLER_HUNG_UP
    assert call.events.filter(kind=CallEvent.Kind.PROBLEM).count() == 1


def test_model_that_stalls_again_and_again_is_given_up_with_words(
    stack: Stack, talk: Talk, agent_with: Callable[..., Agent]
) -> None:
    replies = [{"say": "We are open from", "stall": True}] * 2
    caller, call = talk(agent_with(replies=replies))
    with caller:
        caller.hears(GREETING)
        caller.types("Are you open?")
        caller.hears(APOLOGY, seconds=30)
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.MODEL_UNAVAILABLE
