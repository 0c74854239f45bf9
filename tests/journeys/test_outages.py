"""What the platform stands on goes away, and comes back."""

import time
from collections.abc import Callable
from dataclasses import replace

from agents_app.models import Agent
from launch import processes
from telephony_app.models import Call, Cause
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended
from tests.journeys.outage import outage
from tests.servers.database import Database
from tests.servers.ports import free_port
from tests.servers.server import Server
from tests.servers.stack import Stack

Talk = Callable[[Agent], tuple[Caller, Call]]


def test_nothing_is_lost_when_the_database_is_away_for_ten_seconds(
    stack: Stack, servers_database: Database, talk: Talk, receptionist: Agent
) -> None:
    stack.worker()
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        with outage(servers_database):
            caller.types("What are your opening hours?")
            caller.hears("Monday to Friday")
            caller.hears_silence()
            caller.types("What does a check-up cost?")
            caller.hears("80 dollars")
            time.sleep(10)
        caller.hears_silence()
    texts = [turn.text.strip() for turn in ended(stack, call).turns.all()]
    assert len(texts) == 5
    assert texts[1] == "What are your opening hours?"
    assert "80 dollars" in texts[4]
    assert call.dispatches == 1


def test_session_without_livekit_is_refused_with_words_and_a_row(
    stack: Stack, receptionist: Agent
) -> None:
    stack.worker()
    # Asked to stop, it would wait for every room to empty.
    stack.livekit.kill()
    try:
        answer = stack.signed_in().post(
            f"{stack.url}/api/v1/voice/session", json={"agent_id": receptionist.pk}
        )
    finally:
        stack.livekit.start()
    assert answer.status_code == 503
    assert "could not be connected" in answer.json()["detail"]
    assert Call.objects.latest("created_at").cause == Cause.LIVEKIT_UNREACHABLE


def exit_code(worker: Server) -> int:
    """How a worker ends that cannot start; nothing of it stays."""
    try:
        return worker.start().wait(seconds=90)
    finally:
        worker.sweep()


def test_worker_says_so_and_fails_when_livekit_is_unreachable(stack: Stack) -> None:
    port = free_port()
    nowhere = f"ws://127.0.0.1:{free_port()}"
    process = processes.voice(port=port)
    worker = Server(
        replace(process, name="voice-alone", health=""),
        env=stack.env | {"LIVEKIT_URL": nowhere},
    )
    assert exit_code(worker) != 0
    assert f"LiveKit does not answer at {nowhere}. Check LIVEKIT_URL" in worker.log


def test_worker_names_a_port_that_is_taken(stack: Stack) -> None:
    taken = stack.settings.web_port
    process = processes.voice(port=taken)
    worker = Server(replace(process, name="voice-port", health=""), env=stack.env)
    assert exit_code(worker) != 0
    assert f"Port {taken} on 127.0.0.1 is taken" in worker.log
