"""Browser calls are recorded by the worker, announced, and kept whatever happens."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, Recording
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended, job_pid
from tests.livekit_worker.recording.conftest import heard, loud_steps
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy

Talk = Callable[[Agent], tuple[Caller, Call]]
NOTICE = "This call is recorded."


@pytest.fixture
def recorded_agent(stack: Stack) -> Agent:
    """An agent whose calls are recorded."""
    return stack.make_agent(record_calls=True)


def stored(stack: Stack, call: Call, *, count: int = 1) -> list[Recording]:
    """The call's recordings, once there are so many."""

    def kept() -> list[Recording]:
        rows = list(Recording.objects.filter(call=call).exclude(file=""))
        return rows if len(rows) == count else []

    found: list[Recording] = stack.wait_for(kept, "the recording", seconds=30)
    return found


def test_call_is_announced_as_recorded_and_both_sides_are_heard_in_it(
    stack: Stack, talk: Talk, recorded_agent: Agent
) -> None:
    stack.worker()
    caller, call = talk(recorded_agent)
    with caller:
        caller.hears(f"{NOTICE} Hello")
        caller.hears_silence()
        caller.says("what can you do")
        caller.hears_voice(since=caller.loud_at[-1] + 1)
        caller.hears_silence()
    [recording] = stored(stack, call)
    left, right = heard(Path(recording.file.path))
    spoken = loud_steps(left)
    assert spoken
    # The agent spoke before the caller did, and after.
    assert min(loud_steps(right)) < min(spoken) < max(spoken) < max(loud_steps(right))
    assert recording.seconds
    call.refresh_from_db()
    assert call.seconds
    assert abs(recording.seconds - call.seconds) <= 3
    assert call.events.filter(kind=CallEvent.Kind.RECORDED).count() == 1


def test_job_that_dies_leaves_its_part_of_the_recording(
    stack: Stack, talk: Talk, recorded_agent: Agent
) -> None:
    stack.worker()
    caller, call = talk(recorded_agent)
    with caller:
        caller.hears("help you today?")
        caller.hears_silence()
        os.kill(job_pid(call), signal.SIGKILL)
        caller.hears("we were cut off")
        caller.hears_silence()
    parts = stored(stack, call, count=2)
    assert all(loud_steps(heard(Path(part.file.path))[1]) for part in parts)
    assert caller.transcript.count(NOTICE) == 1


def test_call_is_not_recorded_unless_staff_want_it(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.worker()
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        job = job_pid(call)
    ended(stack, call)
    # A recording is stored last of all, by the job.
    stack.wait_for(lambda: not psutil.pid_exists(job), "the job's end", seconds=30)
    assert NOTICE not in caller.transcript
    assert not Recording.objects.filter(call=call).exists()
