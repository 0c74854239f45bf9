"""Calls that come in by telephone, placed straight to the SIP bridge."""

import json
import uuid
from typing import Any

from agents_app.models import Agent
from telephony_app.calls.opening import room_is_made
from telephony_app.livekit import rooms
from telephony_app.models import Call, SipBridge
from tests.journeys.phone.telephone import Telephone
from tests.servers.stack import Stack
from tools_app.models import AgentTool, PlatformTool

CALLER, CALLED = "+15550001111", "+15550002222"


def incoming(agent: Agent) -> Call:
    """The row of an incoming call, which has no room yet."""
    call_id = uuid.uuid4()
    return Call.objects.create(
        id=call_id,
        organization=agent.organization,
        agent=agent,
        version=agent.published_version,
        direction=Call.Direction.INBOUND,
        caller=CALLER,
        callee=CALLED,
        room=rooms.room_name(agent.pk, CALLED, secret_of=str(call_id)),
    )


def room_for(agent: Agent) -> Call:
    """An incoming call whose room waits for it, as the webhook leaves it."""
    call = incoming(agent)
    rooms.make_room(call.room, call.pk)
    room_is_made(call, source="twilio")
    return call


def dial(call: Call, stack: Stack, *, room: str = "", **options: Any) -> Telephone:
    """The caller's telephone on its way into the call's room, or into another."""
    row = SipBridge.current()
    login = {"user": row.username, "password": row.secrets.reveal()["password"]}
    address = f"sip:{room or call.room}@{stack.settings.sip_host}"
    return Telephone(address, **{"caller": CALLER, **login, **options})


def scripted(stack: Stack, *replies: Any, tools: tuple[str, ...] = ()) -> Agent:
    """An agent whose model gives these replies, and has these tools."""
    script = f"[[sandbox {json.dumps({'replies': replies})}]]"
    agent = stack.make_agent(system_prompt=f"You are a clerk. {script}")
    for key in tools:
        tool = PlatformTool.objects.get(key=key)
        AgentTool.objects.create(agent=agent, platform_tool=tool, name=key)
    return agent
