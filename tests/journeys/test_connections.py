"""A connection is lost, the agent's or the caller's, and the call goes on."""

import asyncio
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from livekit import api
from livekit.protocol.models import ParticipantInfo

from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, Cause
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy
Talk = Callable[[Agent], tuple[Caller, Call]]
QUESTION = "What are your opening hours?"
ANSWER = "Monday to Friday"


@pytest.fixture(autouse=True)
def _worker(stack: Stack) -> None:
    stack.worker()


def disconnect_agent(room: str) -> None:
    """Cut the agent's connection for good; its process goes on."""

    async def ask() -> None:
        async with api.LiveKitAPI(
            settings.LIVEKIT_URL, settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET
        ) as livekit:
            there = await livekit.room.list_participants(
                api.ListParticipantsRequest(room=room)
            )
            for who in there.participants:
                if who.kind == ParticipantInfo.Kind.AGENT:
                    await livekit.room.remove_participant(
                        api.RoomParticipantIdentity(room=room, identity=who.identity)
                    )

    asyncio.run(ask())


def test_caller_hears_an_agent_again_after_the_agents_connection_was_lost(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        caller.hears_silence()
        lost_at = time.monotonic()
        disconnect_agent(call.room)
        assert caller.hears_voice(since=lost_at + 0.5) - lost_at < 8
        caller.hears("we were cut off for a moment")
        caller.types(QUESTION)
        caller.hears(ANSWER)
        caller.hears_silence()
    assert ended(stack, call).cause == Cause.CALLER_HUNG_UP
    assert call.dispatches == 2
    problem = call.events.get(kind=CallEvent.Kind.PROBLEM)
    assert "connection to the room was lost" in problem.detail


def test_caller_who_connects_anew_goes_on_with_the_same_agent(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        with caller.again() as back:
            caller.is_hung_up_on()
            time.sleep(6)
            back.types(QUESTION)
            back.hears(ANSWER)
            back.hears_voice()
            back.hears_silence()
            back.says("what can you do")
            back.hears("sandbox model")
            back.hears_silence()
    assert ended(stack, call).cause == Cause.CALLER_HUNG_UP
    assert call.dispatches == 1


def test_caller_hears_an_agent_again_after_livekit_was_restarted(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        # Asked to stop, it would wait for every room to empty.
        stack.livekit.kill()
        stack.livekit.start()
        caller.hears("we were cut off for a moment", seconds=60)
        caller.hears_silence()
    assert ended(stack, call).cause == Cause.CALLER_HUNG_UP
