"""A number of Twilio's that an agent answers, for journeys by telephone."""

import itertools
from collections.abc import Callable

import pytest

from agents_app.models import Agent
from telephony_app.livekit import bridge
from telephony_app.models import Call, PhoneNumber, TwilioAccount
from telephony_app.twilio import voice_urls
from tests.servers.stack import Stack
from tests.standins.twilio.line import Line
from tests.standins.twilio.rest import ACCOUNT_SID, AUTH_TOKEN, Twilio

CALLER, SECOND_CALLER = "+12025550111", "+12025550122"
_numbers = itertools.count(12025550200)
Connect = Callable[[Agent], PhoneNumber]


@pytest.fixture
def connect(phone_stack: Stack, stack_twilio: Twilio) -> Connect:
    """Give an agent a number of its own, set up at Twilio and in LiveKit."""
    bridge.set_up()

    def connected(agent: Agent) -> PhoneNumber:
        account, _ = TwilioAccount.objects.update_or_create(
            account_sid=ACCOUNT_SID,
            defaults={
                "organization": agent.organization,
                "secrets": {"auth_token": AUTH_TOKEN},
            },
        )
        number = f"+{next(_numbers)}"
        voice_urls.point_here(account, stack_twilio.own(number))
        return PhoneNumber.objects.create(
            number=number, organization=agent.organization, agent=agent
        )

    return connected


@pytest.fixture
def number(connect: Connect, receptionist: Agent) -> PhoneNumber:
    """The receptionist's number."""
    return connect(receptionist)


def call_of(line: Line) -> Call:
    """The row of a caller's call."""
    return Call.objects.get(call_sid=line.sid)
