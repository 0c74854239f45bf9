"""Many callers at once: everybody speaks with the agent, or hears at once why not."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Semaphore

import pytest
from django.db import connections

from agents_app.models import Agent
from telephony_app.livekit import rooms
from telephony_app.models import Call, Cause, PhoneNumber, State
from tests.journeys.phone.line import Connect, call_of
from tests.servers.server import Server
from tests.servers.stack import Stack
from tests.standins.twilio.line import Line
from tests.standins.twilio.rest import Twilio

PLACES = 10
BUSY_WITHIN_SECONDS = 5
BUSY = "All our lines are busy"
Dial = Callable[[int], Line]


@pytest.fixture
def line(phone_stack: Stack, connect: Connect, stack_twilio: Twilio) -> PhoneNumber:
    """A number whose only limit is the one worker's ten places."""
    phone_stack.stop_workers()
    phone_stack.start_worker(places=PLACES)
    agent: Agent = phone_stack.make_agent()
    number = connect(agent)
    number.max_calls = 100
    number.save()
    return number


@pytest.fixture
def dial(line: PhoneNumber, stack_twilio: Twilio) -> Dial:
    """Callers by number, each with a telephone of its own."""
    return lambda who: stack_twilio.dial(f"+1202555{1000 + who}", line.number)


def udp_sockets(server: Server) -> int:
    """How many a process has open: SIP's own, RTP's, WebRTC's."""
    table = Path(f"/proc/{server.pid}/net/udp").read_text().splitlines()[1:]
    of_anybody = {f"socket:[{row.split()[9]}]" for row in table}
    files = Path(f"/proc/{server.pid}/fd").iterdir()
    return sum(os.readlink(file) in of_anybody for file in files)


def picked_up(line: Line) -> bool:
    """Whether the agent has."""
    return bool(line.call.leg and line.call.leg.answered_at)


def over(call: Call) -> bool:
    """Whether the call's row has come to its end."""
    return Call.objects.filter(pk=call.pk, state=State.ENDED).exists()


@pytest.mark.heavy
def test_fifty_calls_at_two_a_second_ten_at_once_are_all_answered(
    phone_stack: Stack, line: PhoneNumber, dial: Dial
) -> None:
    assert phone_stack.sip
    live, began = Semaphore(PLACES), time.monotonic()
    sockets = udp_sockets(phone_stack.sip)

    def speak(who: int) -> None:
        time.sleep(max(0.0, began + who / 2 - time.monotonic()))
        with live:
            with dial(who) as caller:
                caller.is_answered()
                caller.hears_voice()
            call = call_of(caller)
            phone_stack.wait_for(lambda: over(call), "the call's end")
        connections.close_all()

    with ThreadPoolExecutor(50) as callers:
        list(callers.map(speak, range(50)))
    calls = Call.objects.filter(phone_number=line)
    assert [c.cause for c in calls] == [Cause.CALLER_HUNG_UP] * 50
    assert all(c.answered_at for c in calls)
    left = lambda: {c.room for c in calls} & set(rooms.open_rooms())  # noqa: E731
    phone_stack.wait_for(lambda: not left(), "the rooms' end")
    phone_stack.wait_for(
        lambda: udp_sockets(phone_stack.sip) <= sockets, "the ports' release"
    )


def test_burst_of_thirty_with_ten_places_lets_nobody_ring_into_silence(
    phone_stack: Stack, line: PhoneNumber, dial: Dial
) -> None:
    def fate(who: int) -> str:
        """What becomes of a caller; those who reach the agent stay for a while."""
        began = time.monotonic()
        with dial(who) as caller:
            phone_stack.wait_for(lambda: caller.told or picked_up(caller), "anybody")
            if caller.told:
                assert time.monotonic() - began < BUSY_WITHIN_SECONDS
                return caller.told[0]
            caller.hears_voice()
            caller.hears_silence()
        return "spoke with the agent"

    with ThreadPoolExecutor(30) as callers:
        fates = list(callers.map(fate, range(30)))
    assert fates.count("spoke with the agent") == PLACES
    assert sum(BUSY in each for each in fates) == 30 - PLACES
    causes = Call.objects.filter(phone_number=line).values_list("cause", flat=True)
    assert set(causes) == {Cause.CALLER_HUNG_UP, Cause.NO_PLACE}
