"""An agent calls a person: a real request, the real bridge, a telephone that rings."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from accounts.models import User
from agents_app.models import Agent
from telephony_app.models import Call, CallingPolicy, Cause
from telephony_app.outbound.calling import Order, call_out
from tests.journeys.conftest import ended, job_pid
from tests.journeys.phone.called import CalledPhone, tones, words
from tests.servers.stack import Stack
from tests.telephony_app.outgoing import THEIRS, let_call_out

LOGIN = {"user": "voice", "password": "Very-secret-1"}
GREETING = "Hello Zoe, this is Ava of Bright Dental."
VOICEMAIL = (
    "Hello, you have reached the voicemail of Zoe Miller. I cannot take your call "
    "right now. Please leave me a message, and I will call you back as soon as I can."
)


@pytest.fixture(autouse=True)
def _worker(phone_stack: Stack) -> None:
    phone_stack.worker()


def caller_for(stack: Stack, phone: CalledPhone, **config: Any) -> Agent:
    """An agent whose calls out reach this telephone."""
    values = {
        "variables": {"name": "there"},
        "greeting": "Hello {name}, this is Ava of Bright Dental.",
        "system_prompt": "You are {name}'s dentist. Opening hours: from 9 to 5.",
    }
    agent = stack.make_agent(**(values | config))
    account = {
        "termination_host": phone.phone.address,
        "sip_username": LOGIN["user"],
        "secrets": {"sip_password": LOGIN["password"]},
    }
    number = f"+1555000{agent.pk:04}"
    let_call_out(agent, number=number, account=account, calls_per_minute=100)
    return agent


def order(stack: Stack, agent: Agent, **asked: Any) -> requests.Response:
    """Ask over the API for a call to the telephone."""
    body = {"agent_id": agent.pk, "to": THEIRS, "variables": {"name": "Zoe"}} | asked
    return stack.signed_in().post(f"{stack.url}/api/v1/calls", json=body)


def called(stack: Stack, agent: Agent, **asked: Any) -> Call:
    """The call that was opened."""
    answer = order(stack, agent, **asked)
    assert answer.status_code == 201, answer.text
    return Call.objects.get(pk=answer.json()["id"])


def kinds(call: Call) -> list[str]:
    """What was reported of the call, in order."""
    return list(call.events.values_list("kind", flat=True))


def finished(stack: Stack, call: Call) -> Call:
    """The call once it is over; a network that does not answer has half a minute."""
    is_over = lambda: call.events.filter(kind="ended").exists()  # noqa: E731
    stack.wait_for(is_over, "the call's end", seconds=60)
    return ended(stack, call)


def said(call: Call) -> list[tuple[str, str]]:
    """Who said what, in order."""
    return [(turn.speaker, turn.text.strip()) for turn in call.turns.all()]


def test_person_is_greeted_by_name_and_answered(phone_stack: Stack) -> None:
    with CalledPhone(**LOGIN, ring_seconds=1) as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        line = phone.is_called()
        phone.hears_voice(line)
        phone.hears_silence(line)
        asked = line.now
        phone.says(line, "what are your opening hours")
        phone.hears_voice(line, since=asked)
        phone.hears_silence(line)
        phone.hangs_up(line)
        finished(phone_stack, call)
    assert said(call)[0] == ("agent", GREETING)
    assert "9 to 5" in said(call)[-1][1]
    assert (call.cause, call.sip_status) == (Cause.CALLER_HUNG_UP, 200)
    steps = ["room_made", "agent_joined", "dialed", "line_ringing", "picked_up"]
    assert list(dict.fromkeys(kinds(call)))[:6] == [*steps, "answered"]


@pytest.mark.heavy
def test_hello_is_heard_out_and_answered_by_the_greeting_alone(
    phone_stack: Stack,
) -> None:
    with CalledPhone(**LOGIN, greeting=words("Hello?")) as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        line = phone.is_called()
        phone.hears_voice(line)
        phone.hears_silence(line, length=3000)
        phone.hangs_up(line)
        finished(phone_stack, call)
    assert said(call) == [("agent", GREETING)]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (486, Cause.BUSY),
        (603, Cause.DECLINED),
        (480, Cause.NO_ANSWER),
        (404, Cause.INVALID_NUMBER),
        (503, Cause.PROVIDER_REFUSED),
    ],
)
def test_networks_answer_ends_the_call_with_its_cause(
    phone_stack: Stack, status: int, cause: Cause
) -> None:
    with CalledPhone(**LOGIN, status=status) as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        finished(phone_stack, call)
    assert (call.cause, call.sip_status) == (cause, status)
    assert not call.turns.exists()


@pytest.mark.heavy
def test_telephone_that_nobody_picks_up_rings_out(phone_stack: Stack) -> None:
    with CalledPhone(**LOGIN, status=None) as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        phone.is_hung_up_on(phone.is_called(), seconds=60)
        finished(phone_stack, call)
    assert (call.cause, call.sip_status) == (Cause.NO_ANSWER, None)


@pytest.mark.heavy
def test_wrong_login_at_the_provider_is_told(phone_stack: Stack) -> None:
    with CalledPhone(user="voice", password="Another-secret-2") as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        finished(phone_stack, call)
        assert not phone.phone.calls
    assert call.cause == Cause.PROVIDER_REFUSED


@pytest.mark.heavy
def test_provider_that_is_not_there_is_told(phone_stack: Stack) -> None:
    with CalledPhone(**LOGIN) as phone:
        agent = caller_for(phone_stack, phone)
    call = called(phone_stack, agent)
    finished(phone_stack, call)
    assert call.cause == Cause.PROVIDER_REFUSED
    assert "did not answer" in call.error


def test_staff_who_end_the_call_stop_the_ringing(phone_stack: Stack) -> None:
    with CalledPhone(**LOGIN, status=None) as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        line = phone.is_called()
        end = f"{phone_stack.url}/api/v1/calls/{call.pk}/end"
        assert phone_stack.signed_in().post(end).status_code == 200
        phone.is_hung_up_on(line)
        finished(phone_stack, call)
    assert call.cause == Cause.STAFF_ENDED


@pytest.mark.heavy
@pytest.mark.parametrize("beeps", [True, False])
def test_voicemail_is_left_the_message_and_never_spoken_with(
    phone_stack: Stack, beeps: bool
) -> None:
    beep = tones(1000, seconds=0.6) if beeps else b""
    with CalledPhone(**LOGIN, greeting=words(VOICEMAIL) + beep) as phone:
        agent = caller_for(
            phone_stack, phone, voicemail_message="This is for {name}: call us back."
        )
        call = called(phone_stack, agent)
        line = phone.is_called()
        phone.is_hung_up_on(line, seconds=60)
        finished(phone_stack, call)
    assert call.cause == Cause.VOICEMAIL
    assert said(call) == [("agent", "This is for Zoe: call us back.")]


@pytest.mark.heavy
def test_voicemail_without_a_message_is_hung_up_on_silently(phone_stack: Stack) -> None:
    with CalledPhone(**LOGIN, greeting=words(VOICEMAIL)) as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        line = phone.is_called()
        phone.is_hung_up_on(line, seconds=60)
        finished(phone_stack, call)
        assert line.first_voice_at is None
    assert call.cause == Cause.VOICEMAIL
    assert said(call) == []


@pytest.mark.heavy
def test_voicemail_that_sounded_like_a_person_is_told_by_its_beep(
    phone_stack: Stack,
) -> None:
    greeting = words("Hi.") + bytes(2 * 8000 * 4) + tones(1000, seconds=0.6)
    with CalledPhone(**LOGIN, greeting=greeting) as phone:
        agent = caller_for(phone_stack, phone, voicemail_message="Call us back.")
        call = called(phone_stack, agent)
        phone.is_hung_up_on(phone.is_called(), seconds=60)
        finished(phone_stack, call)
    assert call.cause == Cause.VOICEMAIL
    assert said(call)[-1] == ("agent", "Call us back.")


def test_telephone_rings_once_though_the_job_dies_meanwhile(
    phone_stack: Stack,
) -> None:
    with CalledPhone(**LOGIN, ring_seconds=6) as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        line = phone.is_called()
        os.kill(job_pid(call), signal.SIGKILL)
        phone.hears_voice(line, seconds=40)
        phone.hears_silence(line)
        assert len(phone.phone.calls) == 1
        phone.hangs_up(line)
        finished(phone_stack, call)
    assert said(call)[0] == ("agent", GREETING)
    assert kinds(call).count("dialed") == 1
    assert call.dispatches == 2


def test_call_that_no_worker_took_is_dialled_after_all(
    phone_stack: Stack, settings: Any
) -> None:
    settings.AGENT_NAME = "nobody"
    admin = User.objects.get(username="admin")
    with CalledPhone(**LOGIN) as phone:
        call = call_out(Order(caller_for(phone_stack, phone), THEIRS, admin))
        phone.hears_voice(phone.is_called(seconds=40))
        assert len(phone.phone.calls) == 1
    finished(phone_stack, call)
    assert call.dispatches == 2


def test_conversation_goes_on_after_its_job_died(phone_stack: Stack) -> None:
    with CalledPhone(**LOGIN) as phone:
        call = called(phone_stack, caller_for(phone_stack, phone))
        line = phone.is_called()
        phone.hears_voice(line)
        phone.hears_silence(line)
        killed = line.now
        os.kill(job_pid(call), signal.SIGKILL)
        phone.hears_voice(line, since=killed + 500)
        phone.hears_silence(line)
        assert len(phone.phone.calls) == 1
        phone.hangs_up(line)
        finished(phone_stack, call)
    assert said(call)[1] == ("agent", "Sorry, we were cut off for a moment.")


def test_limits_hold_when_all_call_at_once(phone_stack: Stack) -> None:
    with CalledPhone(**LOGIN, status=486) as phone:
        agent = caller_for(phone_stack, phone)
        CallingPolicy.objects.filter(organization=agent.organization).update(
            calls_per_minute=3
        )
        numbers = [f"+120255501{n:02}" for n in range(10)]
        with ThreadPoolExecutor(10) as threads:
            ask = lambda number: order(phone_stack, agent, to=number)  # noqa: E731
            answers = list(threads.map(ask, numbers))
        calls = Call.objects.filter(agent=agent)
        for call in calls:
            finished(phone_stack, call)
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 7
    assert {call.cause for call in calls} == {Cause.BUSY}
