"""A process dies in the middle of a call, and the caller keeps an agent."""

import os
import signal
import time
from collections.abc import Callable

import requests

from agents_app.models import Agent
from telephony_app.models import Call, Cause
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended, job_pid
from tests.servers.server import Server
from tests.servers.stack import Stack

Talk = Callable[[Agent], tuple[Caller, Call]]
RESUMED = "we were cut off for a moment"
QUESTION = "What are your opening hours?"
ANSWER = "Monday to Friday"


def asked(caller: Caller) -> None:
    """Ask a question and hear the answer to its end."""
    caller.hears("help you today?")
    caller.types(QUESTION)
    caller.hears(ANSWER)
    caller.hears_silence()


def holder(stack: Stack, call: Call) -> Server:
    """The worker that holds the call, by the process number in its name."""
    call.refresh_from_db()
    assert call.worker
    return next(w for w in stack.workers if f"-{w.pid}-" in call.worker.name)


def test_agent_speaks_again_within_three_seconds_of_its_process_death(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.worker()
    caller, call = talk(receptionist)
    with caller:
        asked(caller)
        killed_at = time.monotonic()
        os.kill(job_pid(call), signal.SIGKILL)
        assert caller.hears_voice(since=killed_at) - killed_at < 3
        caller.hears(RESUMED)
        caller.types("Where are you? What is the address?")
        caller.hears("High Street")
        caller.hears_silence()
    texts = [turn.text.strip() for turn in ended(stack, call).turns.all()]
    assert len(texts) == 6
    assert texts[1] == QUESTION
    assert RESUMED in texts[3]
    assert call.cause == Cause.CALLER_HUNG_UP


def test_second_death_is_apologized_for(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.worker()
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        os.kill(job_pid(call), signal.SIGKILL)
        caller.hears(RESUMED)
        os.kill(job_pid(call), signal.SIGKILL)
        caller.hears("I cannot take your call right now")
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.WORKER_LOST


def test_other_worker_takes_over_within_ten_seconds_of_a_hosts_death(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.stop_workers()
    stack.start_worker()
    stack.start_worker()
    caller, call = talk(receptionist)
    with caller:
        asked(caller)
        killed_at = time.monotonic()
        holder(stack, call).kill()
        assert caller.hears_voice(since=killed_at + 1) - killed_at < 10
        caller.hears(RESUMED)
        caller.hears_silence()
    texts = [turn.text.strip() for turn in ended(stack, call).turns.all()]
    assert texts[1] == QUESTION
    assert ANSWER in texts[2]
    assert len(texts) == 4


def test_draining_worker_finishes_its_call_and_takes_no_other(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.stop_workers()
    worker = stack.start_worker()
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        worker.send(signal.SIGTERM)
        told = (503, "draining")
        stack.wait_for(lambda: healthz(worker) == told, "the worker to drain")
        answer = stack.signed_in().post(
            f"{stack.url}/api/v1/voice/session", json={"agent_id": receptionist.pk}
        )
        assert answer.status_code == 503
        caller.types(QUESTION)
        caller.hears(ANSWER)
        caller.hears_silence()
        assert worker.is_running
    assert worker.wait() == 0
    assert ended(stack, call).cause == Cause.CALLER_HUNG_UP


def healthz(worker: Server) -> tuple[int, str]:
    """What the worker says of itself: a status and words."""
    answer = requests.get(worker.process.health, timeout=5)
    return answer.status_code, answer.text


def test_second_signal_ends_a_draining_worker_at_once(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.stop_workers()
    worker = stack.start_worker()
    caller, _ = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        worker.send(signal.SIGTERM)
        told = (503, "draining")
        stack.wait_for(lambda: healthz(worker) == told, "the worker to drain")
        assert worker.is_running
        worker.send(signal.SIGTERM)
        assert worker.wait(seconds=5) == 1
    stack.stop_workers()


def test_signal_to_the_whole_group_does_not_cut_a_live_call(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.stop_workers()
    worker = stack.start_worker()
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        os.killpg(worker.pid, signal.SIGTERM)
        caller.types(QUESTION)
        caller.hears(ANSWER)
        caller.hears_silence()
    assert worker.wait() == 0
    assert ended(stack, call).cause == Cause.CALLER_HUNG_UP
    assert call.dispatches == 1
