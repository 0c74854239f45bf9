"""LiveKit rooms."""

import uuid
from contextlib import suppress

import pytest

from telephony_app.livekit import rooms
from telephony_app.livekit.client import LiveKitUnreachable
from tests.servers.stack import Stack


def is_closed(name: str) -> bool:
    """Try to close the room; LiveKit believes in a dead server for some seconds."""
    with suppress(LiveKitUnreachable):
        rooms.close_room(name)
    return name not in rooms.open_rooms()


@pytest.mark.heavy
def test_room_of_a_server_that_is_no_more_is_closed(phone_stack: Stack) -> None:
    rooms.make_room("left-behind", uuid.uuid4())
    phone_stack.livekit.kill()
    phone_stack.livekit.start()
    assert "left-behind" in rooms.open_rooms()
    phone_stack.wait_for(lambda: is_closed("left-behind"), "the room's end", seconds=40)


def test_room_that_is_gone_is_closed_already(phone_stack: Stack) -> None:
    rooms.close_room("never-made")
    assert "never-made" not in rooms.open_rooms()
