"""Misbehaviour on demand, over the real plugin."""

import asyncio
import json
import time
from typing import Any

import pytest

from livekit_worker.sandbox.connection import WRONG_KEY
from livekit_worker.sandbox.server import REFUSED_KEY
from tests.livekit_worker.sandbox.conftest import INSTRUCTIONS, Line

pytestmark = pytest.mark.asyncio


def scripted(**scenario: Any) -> str:
    """The salon's instructions with a script."""
    return f"{INSTRUCTIONS}\n[[sandbox {json.dumps(scenario)}]]"


async def test_scripted_replies_come_in_order_then_the_rules(line: Line) -> None:
    replies = [{"say": "One."}, {"say": "Two."}]
    caller = await line.call(instructions=scripted(replies=replies))
    said = [await caller.type("hello") for _ in range(3)]
    assert said == ["One.", "Two.", "Hello! How can I help you?"]


@pytest.mark.parametrize("code", [1011, 1008, 1006])
async def test_conversation_goes_on_after_the_socket_is_dropped(
    line: Line, code: int
) -> None:
    replies = [{"say": "One."}, {"say": "Two.", "close": code}]
    caller = await line.call(instructions=scripted(replies=replies))
    await caller.type("My dog is called Rex.")
    await caller.type("Go on.")
    assert (await caller.failure()).recoverable
    assert await caller.type("What did I say?") == "You said: Go on."


async def test_conversation_goes_on_after_go_away(line: Line) -> None:
    replies = [{"say": "One.", "go_away": True}]
    caller = await line.call(instructions=scripted(replies=replies))
    await caller.type("My dog is called Rex.")
    assert await caller.type("What did I say?") == "You said: My dog is called Rex."
    assert caller.failures.empty()


async def test_parallel_calls_are_answered_together(line: Line) -> None:
    calls = [
        {"name": "book_appointment", "args": {"day": day, "time": "10:00"}}
        for day in ("Monday", "Tuesday")
    ]
    caller = await line.call(instructions=scripted(replies=[{"call": calls}]))
    said = await caller.type("both please")
    assert said == "Booked for Monday at 10:00. Booked for Tuesday at 10:00."


async def test_reply_can_be_ignored(line: Line) -> None:
    caller = await line.call(instructions=scripted(replies=[{}]))
    reply = caller.session.generate_reply(user_input="hello")
    await asyncio.sleep(0.3)
    assert not reply.done()
    assert caller.transcript("assistant") == ""


async def test_setup_can_be_late(line: Line) -> None:
    began = time.monotonic()
    caller = await line.call(instructions=scripted(setup_delay=0.4))
    assert await caller.type("hello") == "Hello! How can I help you?"
    assert time.monotonic() - began > 0.4


async def test_wrong_key_is_refused_as_google_does(line: Line) -> None:
    caller = await line.call(key=REFUSED_KEY)
    assert WRONG_KEY in str((await caller.failure()).error)


async def test_socket_can_be_dropped_at_setup(line: Line) -> None:
    caller = await line.call(instructions=scripted(close_at_setup=1011))
    assert "1011" in str((await caller.failure()).error)


async def test_bad_script_is_refused_by_its_field(line: Line) -> None:
    caller = await line.call(instructions=scripted(replys=[]))
    assert "replys" in str((await caller.failure()).error)
