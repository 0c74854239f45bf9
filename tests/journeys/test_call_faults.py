"""A call that cannot be held: the words the caller gets and the row that remains."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from livekit import api

from agents_app.models import Agent
from launch import processes
from telephony_app.calls import places
from telephony_app.livekit import rooms
from telephony_app.models import Call, Cause, State
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended
from tests.servers.ports import free_port
from tests.servers.server import Server
from tests.servers.stack import Stack

Talk = Callable[[Agent], tuple[Caller, Call]]
APOLOGY = "I cannot take your call right now"


def make_room(name: str, metadata: str) -> None:
    """A room whose agent is called with this metadata, as a stranger might."""

    async def ask() -> None:
        dispatch = api.RoomAgentDispatch(
            agent_name=settings.AGENT_NAME, metadata=metadata
        )
        async with api.LiveKitAPI(
            settings.LIVEKIT_URL, settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET
        ) as livekit:
            await livekit.room.create_room(
                api.CreateRoomRequest(name=name, agents=[dispatch])
            )

    asyncio.run(ask())


def in_room(name: str) -> Caller:
    """A caller with a token for the room."""
    token = rooms.caller_token(name, identity=f"web-{uuid.uuid4()}")
    return Caller({"url": settings.LIVEKIT_URL, "token": token})


def test_version_that_is_not_usable_any_more_is_apologized_for(
    stack: Stack, talk: Talk
) -> None:
    stack.worker()
    agent = stack.make_agent()
    version = agent.published_version
    assert version
    version.raw_config["voice"] = "Nobody"
    version.save()
    caller, call = talk(agent)
    with caller:
        caller.hears(APOLOGY)
        caller.hears_voice()
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.BAD_CONFIG
    assert "voice" in call.error


@pytest.mark.parametrize("metadata", ["", "garbage {"])
def test_missing_or_garbage_metadata_finds_the_call_by_its_room(
    stack: Stack, receptionist: Agent, metadata: str
) -> None:
    stack.worker()
    call = Call.objects.create(
        organization=receptionist.organization,
        agent=receptionist,
        version=receptionist.published_version,
        direction=Call.Direction.WEB,
        room=f"agent-{receptionist.pk}-web-{uuid.uuid4().hex[:10]}",
        state=State.DISPATCHING,
        dispatches=1,
    )
    make_room(call.room, metadata)
    with in_room(call.room) as caller:
        caller.hears("help you today?")
    assert ended(stack, call).cause == Cause.CALLER_HUNG_UP


def test_room_of_no_call_is_apologized_to_and_closed(stack: Stack) -> None:
    stack.worker()
    before = Call.objects.count()
    make_room("a-room-of-no-call", "")
    with in_room("a-room-of-no-call") as caller:
        caller.hears(APOLOGY)
        caller.is_hung_up_on()
    assert Call.objects.count() == before


def test_call_beyond_the_places_is_told_that_all_lines_are_busy(
    stack: Stack, receptionist: Agent
) -> None:
    stack.stop_workers()
    answer = stack.signed_in().post(
        f"{stack.url}/api/v1/voice/session", json={"agent_id": receptionist.pk}
    )
    assert answer.status_code == 503
    assert "All lines are busy" in answer.json()["detail"]
    assert Call.objects.latest("created_at").cause == Cause.NO_PLACE


def test_staff_end_a_live_call(stack: Stack, talk: Talk, receptionist: Agent) -> None:
    stack.worker()
    caller, call = talk(receptionist)
    with caller:
        caller.hears("help you today?")
        answer = stack.signed_in().post(f"{stack.url}/api/v1/calls/{call.pk}/end")
        assert answer.ok, answer.text
        caller.is_hung_up_on()
    assert ended(stack, call).cause == Cause.STAFF_ENDED


def test_worker_without_googles_credentials_apologizes_and_says_why(
    stack: Stack, talk: Talk, receptionist: Agent
) -> None:
    stack.stop_workers()
    env = stack.env | {
        "GOOGLE_GENAI_USE_VERTEXAI": "true",
        "GOOGLE_CLOUD_PROJECT": "nobodys-project",
        "GOOGLE_APPLICATION_CREDENTIALS": "/nonexistent.json",
    }
    process = processes.voice(port=free_port())
    worker = Server(replace(process, name="voice-google"), env=env)
    stack.workers.append(worker.start())
    try:
        stack.wait_for(places.free_places, "a free place")
        caller, call = talk(receptionist)
        with caller:
            caller.hears(APOLOGY)
            caller.hears_voice()
            caller.is_hung_up_on()
        assert Cause(ended(stack, call).cause).is_failure
        assert "Credentials" in call.error
    finally:
        stack.stop_workers()
