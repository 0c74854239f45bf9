"""An agent that puts its caller through to Sales, and Sales' telephone."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, CallingPolicy, TwilioAccount
from telephony_app.sip import PhoneCall
from tests.journeys.phone.called import CalledPhone
from tests.journeys.phone.telephone import Telephone
from tests.servers.stack import Stack
from tests.standins.twilio.line import Line
from tests.standins.twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tools_app.models import AgentTool, PlatformTool

SALES = "+12025550150"
ANNOUNCED = "I will put you through to Sales."
WHY = "Ann wants to buy ten chairs."
RINGING_HERTZ = 425
Kind = CallEvent.Kind


def clerk(
    stack: Stack, *, say: str | None = ANNOUNCED, why: str = "", **config: Any
) -> Agent:
    """An agent that puts its caller through when it is first spoken to, and talks on by
    itself afterwards; when it says `why`, Sales hears that first."""
    args = {"target": "Sales"} | ({"briefing": why} if why else {})
    reply = {"call": [{"name": "transfer_call", "args": args}]}
    script = json.dumps({"replies": [reply | ({"say": say} if say else {})]})
    prompt = f"You are a clerk. [[sandbox {script}]]"
    agent = stack.make_agent(system_prompt=prompt, **config)
    CallingPolicy.objects.create(organization=agent.organization, countries=["US"])
    AgentTool.objects.create(
        agent=agent,
        platform_tool=PlatformTool.objects.get(key="transfer_call"),
        name="transfer_call",
        config={"targets": [f"Sales | {SALES} || {'warm' if why else ''}"]},
    )
    return agent


def line_out(agent: Agent, phone: CalledPhone) -> None:
    """Give the agent's organization a line for calls out, which leads to the phone."""
    TwilioAccount.objects.update_or_create(
        organization=agent.organization,
        defaults={
            "account_sid": ACCOUNT_SID,
            "termination_host": phone.phone.address,
            "secrets": {"auth_token": AUTH_TOKEN},
        },
    )


@pytest.fixture
def sales() -> Iterator[CalledPhone]:
    """The telephone of Sales, which picks up."""
    with CalledPhone() as phone:
        yield phone


def asks_for_sales(line: Line | Telephone) -> None:
    """The caller is greeted, and asks."""
    line.is_answered()
    line.hears_voice()
    line.hears_silence()
    line.presses("1#")


def is_asked(sales: CalledPhone) -> PhoneCall:
    """Sales picks up, and hears who calls and what to press."""
    talk = sales.is_called()
    sales.hears_voice(talk)
    sales.hears_silence(talk)
    return talk


def moves(call: Call) -> list[tuple[str, str]]:
    """Where the caller went, and why."""
    moved = call.events.filter(kind__in=[Kind.TRANSFERRED, Kind.RETURNED])
    return list(moved.order_by("at").values_list("kind", "detail"))


def loudest_beside_ringing(line: Line, *, since: float) -> float:
    """The loudest tenth of a second of what the caller heard since then, without the
    sound of a telephone that rings."""
    samples = int((line.leg.now - since) * 8)
    heard = np.frombuffer(line.leg.recording.pcm, "<i2")[-samples:].astype(float)
    spectrum = np.fft.rfft(heard)
    hertz = np.fft.rfftfreq(len(heard), 1 / 8000)
    spectrum[np.abs(hertz - RINGING_HERTZ) < 60] = 0
    rest = np.fft.irfft(spectrum, len(heard))
    tenths = rest[: len(rest) // 800 * 800].reshape(-1, 800)
    return float(np.sqrt((tenths**2).mean(axis=1)).max())
