"""A person talks with an agent from a browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from livekit.protocol.agent_pb.agent_session import AgentSessionMessage, SessionRequest

from agents_app.models import Agent
from telephony_app.models import Call, Cause, Turn
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended
from tests.servers.server import Server
from tests.servers.stack import Stack

Talk = Callable[[Agent], tuple[Caller, Call]]


@pytest.fixture(autouse=True)
def _worker(stack: Stack) -> None:
    stack.worker()


def lines(call: Call) -> list[tuple[str, str]]:
    """Who said what, in order."""
    return [(turn.speaker, turn.text.strip().lower()) for turn in call.turns.all()]


def test_caller_is_let_in_when_a_worker_took_the_call(
    talk: Talk, receptionist: Agent
) -> None:
    caller, call = talk(receptionist)
    assert call.worker
    with caller:
        caller.hears_voice()


def test_caller_hears_the_greeting_types_speaks_and_is_answered(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    caller, call = talk(receptionist)
    with caller:
        caller.hears_voice()
        caller.hears("How can I help you today?")
        caller.types("What are your opening hours?")
        caller.hears("Monday to Friday")
        caller.hears_silence()
        caller.says("what can you do")
        caller.hears("sandbox model")
        caller.hears_silence()
    call = ended(stack, call)
    assert call.cause == Cause.CALLER_HUNG_UP
    assert [speaker for speaker, _ in lines(call)] == [
        Turn.Speaker.AGENT,
        Turn.Speaker.CALLER,
        Turn.Speaker.AGENT,
        Turn.Speaker.CALLER,
        Turn.Speaker.AGENT,
    ]
    assert lines(call)[3][1] == "what can you do"


def test_caller_without_a_microphone_may_type_at_once_and_misses_no_word(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    caller, call = talk(receptionist)
    caller.has_microphone = False
    with caller:
        caller.types("What are your opening hours?")
        caller.hears("Monday to Friday")
    assert caller.transcript.startswith(f"Hello, this is {receptionist.name}. How")
    assert len(lines(ended(stack, call))) == 3


def test_words_over_the_greeting_do_not_cut_it_and_are_answered_after_it(
    stack: Stack, talk: Talk
) -> None:
    greeting = "Thank you for calling Bright Dental. " * 3 + "How can I help you?"
    caller, call = talk(stack.make_agent(greeting=greeting))
    with caller:
        caller.hears_voice()
        caller.says("what can you do")
        caller.hears("sandbox model")
        caller.hears_silence()
    call = ended(stack, call)
    first, words, answer = call.turns.all()
    assert (first.text.strip(), first.was_interrupted) == (greeting, False)
    assert words.text == "what can you do"
    assert words.spoken_from < first.spoken_to < answer.spoken_from


def test_words_right_after_the_greeting_are_heard_whole(
    stack: Stack, talk: Talk
) -> None:
    caller, call = talk(stack.make_agent(greeting="Good morning, how can I help you?"))
    with caller:
        caller.hears("how can I help you?")
        caller.says("what can you do")
        caller.hears("sandbox model")
    texts = [text for _, text in lines(ended(stack, call))]
    assert texts[:2] == ["good morning, how can i help you?", "what can you do"]


def test_answer_has_its_latency_and_the_call_its_version(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        caller.types("Where are you? What is the address?")
        caller.hears("High Street")
        caller.hears_silence()
    call = ended(stack, call)
    answer = call.turns.last()
    assert answer
    assert answer.latency_ms is not None
    assert call.version == receptionist.published_version


def test_two_callers_at_once_never_hear_each_other(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    (one, first), (two, second) = talk(receptionist), talk(receptionist)
    with one, two:
        one.hears("help you today?")
        two.hears("help you today?")
        one.types("What does a check-up cost?")
        one.hears("80 dollars")
        one.hears_silence()
    assert "80 dollars" not in two.transcript
    assert len(lines(ended(stack, first))) == 3
    assert len(lines(ended(stack, second))) == 1


def test_line_that_nobody_types_is_cut_and_says_so(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        caller.types("What are your opening hours? " + 3_000 * "word ")
        caller.hears("Monday to Friday")
    _, typed, _ = ended(stack, call).turns.all()
    assert typed.text.endswith("word w [cut here: 13,029 more characters]")
    assert len(typed.text) < 2_100


def test_caller_can_neither_read_nor_control_the_session(
    talk: Talk, receptionist: Agent
) -> None:
    """The session knows the prompt, and what tools answered."""
    request = SessionRequest(
        request_id="1", get_agent_info=SessionRequest.GetAgentInfo()
    )
    caller, _ = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        caller.orders(AgentSessionMessage(request=request).SerializeToString())
        caller.types("What are your opening hours?")
        caller.hears("Monday to Friday")
        assert caller.told_as_remote_control == []


def test_silent_caller_is_asked_and_then_told_goodbye(stack: Stack, talk: Talk) -> None:
    agent = stack.make_agent(silence_seconds=5)
    caller, call = talk(agent)
    with caller:
        caller.hears("Are you still there?")
        caller.hears("Thank you, and goodbye", seconds=30)
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.SILENCE


def test_call_at_its_maximum_length_ends_with_a_spoken_goodbye(
    stack: Stack, talk: Talk
) -> None:
    agent = stack.make_agent(max_call_seconds=30, silence_seconds=120)
    caller, call = talk(agent)
    with caller:
        caller.hears("Thank you, and goodbye", seconds=45)
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.MAX_LENGTH


def test_no_loop_was_blocked_during_a_call(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.stop_workers()
    worker = stack.start_worker(LOG_FORMAT="json")
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        caller.types("What are your opening hours?")
        caller.hears("Monday to Friday")
    ended(stack, call)
    stack.stop_workers()
    assert blocked(worker) == []


def blocked(worker: Server) -> list[dict[str, Any]]:
    """What the library tells of loops that were busy for longer than it finds good.

    Processor time counts: a loop that a busy machine did not let run is told of, too.
    """
    lines = [line for line in worker.log.splitlines() if "event loop blocked" in line]
    reports = [json.loads(line) for line in lines]
    return [report for report in reports if report["cpu_time"] >= report["threshold"]]
