"""Somebody dials a number: from Twilio's webhook to the last word and the last row."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from agents_app import speech
from agents_app.models import Agent
from telephony_app.calls.opening import hang_up
from telephony_app.livekit import bridge, rooms, sip_objects
from telephony_app.models import (
    Call,
    CallingPolicy,
    Cause,
    PhoneNumber,
    SipBridge,
    State,
    WorkerHeartbeat,
)
from telephony_app.sip import Side
from tests.journeys.conftest import ended
from tests.journeys.phone.called import CalledPhone
from tests.journeys.phone.incoming import scripted
from tests.journeys.phone.line import CALLER, SECOND_CALLER, Connect, call_of
from tests.journeys.phone.listening import share_heard
from tests.servers.stack import Stack
from tests.standins.twilio.line import Line
from tests.standins.twilio.rest import Twilio
from tests.telephony_app.livekit_sip import remove

PERSON = "+12025550177"
SORRY = "I am sorry, I cannot take your call right now."
BUSY = "All our lines are busy right now."
HOURS = {"say": "We are open from nine to five."}
HANG_UP = {"call": [{"name": "end_call", "args": {}}], "say": "Goodbye then."}


def is_greeted(line: Line) -> None:
    """Hear the greeting to its end."""
    line.is_answered()
    line.hears_voice()
    line.hears_silence()


def hears_answer(line: Line, since: float) -> None:
    """Hear the agent after this, to the end."""
    line.hears_voice(since=since)
    line.hears_silence()


def test_caller_is_greeted_answered_understood_and_parted_from(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    phone_stack.worker()
    agent = scripted(phone_stack, HOURS, HANG_UP, tools=("end_call",))
    with stack_twilio.dial(CALLER, connect(agent).number) as line:
        is_greeted(line)
        asked_at = line.leg.now
        line.says("what are your opening hours")
        hears_answer(line, since=asked_at)
        line.presses("4711#")
        line.is_hung_up_on()
    call = ended(phone_stack, call_of(line))
    assert line.leg.ended_by == Side.CALLEE
    assert heard_of_greeting(line, agent) > 0.97
    assert line.leg.provisional[-1] == 180
    assert (line.leg.final_status, line.told) == (200, [])
    check_row(call, line)


def heard_of_greeting(line: Line, agent: Agent) -> float:
    """How much of the greeting reached the caller, from 0 to 1."""
    ready = speech.ready_lines([agent.config])
    greeting = speech.line_of("greeting", agent.config, ready)
    assert greeting
    recording = line.leg.recording
    return share_heard(recording, greeting.pcm, rate=greeting.sample_rate)


def check_row(call: Call, line: Line) -> None:
    """The row of the call above: complete."""
    said = [turn.text.strip().lower() for turn in call.turns.all()]
    assert said[1:] == [
        "what are your opening hours",
        "we are open from nine to five.",
        "pressed keys: 4711",
        "goodbye then.",
    ]
    assert (call.cause, call.state) == (Cause.AGENT_HUNG_UP, State.ENDED)
    assert (call.caller, call.callee) == (CALLER, line.call.number)
    assert call.created_at < call.answered_at < call.ended_at
    assert call.billed_seconds
    assert call.billed_seconds >= call.seconds
    assert call.sip_status == 200


def test_recorded_call_has_its_sound(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    phone_stack.worker()
    agent = phone_stack.make_agent(record_calls=True)
    with stack_twilio.dial(CALLER, connect(agent).number) as line:
        is_greeted(line)
    call = ended(phone_stack, call_of(line))
    stack = phone_stack
    stack.wait_for(lambda: call.recordings.exclude(file=""), "the recording")
    assert call.turns.earliest("spoken_from").text.strip() == "This call is recorded."


def test_two_callers_of_one_number_never_hear_each_other(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect
) -> None:
    phone_stack.worker()
    number = connect(phone_stack.make_agent(silence_seconds=120))
    first = stack_twilio.dial(CALLER, number.number)
    second = stack_twilio.dial(SECOND_CALLER, number.number)
    with first, second:
        for line in (first, second):
            is_greeted(line)
        for speaking, silent, keys in ((first, second, "11#"), (second, first, "22#")):
            asked_at, quiet_at = speaking.leg.now, silent.leg.now
            speaking.says("what can you do")
            speaking.presses(keys)
            hears_answer(speaking, since=asked_at)
            assert (silent.leg.last_voice_at or 0) < quiet_at
    heard = [words_of_caller(phone_stack, line) for line in (first, second)]
    assert ["Pressed keys: 11" in words for words in heard] == [True, False]
    assert ["Pressed keys: 22" in words for words in heard] == [False, True]


def words_of_caller(stack: Stack, line: Line) -> list[str]:
    """What the row says that the caller said."""
    call = ended(stack, call_of(line))
    return [turn.text for turn in call.turns.filter(speaker="caller")]


def test_without_a_worker_the_caller_hears_at_once_that_all_lines_are_busy(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber
) -> None:
    phone_stack.stop_workers()
    with stack_twilio.dial(CALLER, number.number) as line:
        line.is_told(BUSY, seconds=5)
        line.is_hung_up_on()
    assert call_of(line).cause == Cause.NO_PLACE
    assert call_of(line).room not in rooms.open_rooms()


@pytest.fixture
def ghost(phone_stack: Stack) -> Iterator[None]:
    """A worker that seems to be alive, and is not."""
    phone_stack.stop_workers()
    worker = WorkerHeartbeat.objects.create(
        name="ghost", agent_name="phone-agent", places=5
    )
    later = timezone.now() + timedelta(hours=1)
    WorkerHeartbeat.objects.filter(pk=worker.pk).update(seen_at=later)
    yield
    worker.delete()


def test_caller_whose_agent_never_comes_is_told_so(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber, ghost: None
) -> None:
    with stack_twilio.dial(CALLER, number.number) as line:
        line.is_told(SORRY, seconds=40)
        line.is_hung_up_on()
    call = ended(phone_stack, call_of(line))
    assert (call.cause, call.sip_status) == (Cause.NOT_ANSWERED, 486)


def test_caller_who_lets_go_while_it_rings_leaves_nothing_behind(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber, ghost: None
) -> None:
    with stack_twilio.dial(CALLER, number.number) as line:
        call = phone_stack.wait_for(
            lambda: Call.objects.filter(call_sid=line.sid, state=State.RINGING).first(),
            "the ringing",
        )
    ended(phone_stack, call)
    assert (call.cause, call.answered_at) == (Cause.CALLER_HUNG_UP, None)
    gone = lambda: call.room not in rooms.open_rooms()  # noqa: E731
    phone_stack.wait_for(gone, "the room's end", seconds=70)


def test_wrong_sip_password_is_told_to_caller_and_staff(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber
) -> None:
    phone_stack.worker()
    row = SipBridge.current()
    row.secrets = {"password": "not what LiveKit knows"}
    row.save()
    with stack_twilio.dial(CALLER, number.number) as line:
        line.is_told(SORRY)
        line.is_hung_up_on()
    call = ended(phone_stack, call_of(line))
    assert (call.cause, call.sip_status) == (Cause.NOT_ANSWERED, 401)
    bridge.set_up()


def test_trunk_that_is_gone_is_told_to_caller_and_staff(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber
) -> None:
    phone_stack.worker()
    for found in [*sip_objects.rules(), *sip_objects.trunks()]:
        remove(found)
    with stack_twilio.dial(CALLER, number.number) as line:
        line.is_told(SORRY, seconds=40)
        line.is_hung_up_on()
    assert ended(phone_stack, call_of(line)).cause == Cause.NOT_ANSWERED
    bridge.set_up()


def test_forged_webhook_makes_no_call(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber
) -> None:
    phone_stack.worker()
    stack_twilio.webhooks.token = "f0" * 16
    calls = Call.objects.count()
    with stack_twilio.dial(CALLER, number.number) as line:
        line.is_hung_up_on()
    assert {sent.status for sent in stack_twilio.webhooks.sent} == {403}
    assert Call.objects.count() == calls


def test_replayed_webhook_leads_nowhere(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber
) -> None:
    phone_stack.worker()
    with stack_twilio.dial(CALLER, number.number) as line:
        is_greeted(line)
    ended(phone_stack, call_of(line))
    first = stack_twilio.webhooks.sent[0]
    headers = stack_twilio.webhooks.headers(first.url, first.form)
    again = requests.post(first.url, first.form, headers=headers, timeout=10)
    assert (again.status_code, SORRY in again.text) == (200, True)
    assert "<Dial" not in again.text
    assert Call.objects.filter(call_sid=line.sid).count() == 1


def test_webhooks_that_come_at_once_are_one_call(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber
) -> None:
    phone_stack.worker()
    form = {"CallSid": f"CA{'7' * 32}", "From": CALLER, "To": number.number}
    url = f"{phone_stack.url}/api/v1/voice/twilio/incoming"
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda _: stack_twilio.webhooks.send(url, form), range(8))
        )
    call = Call.objects.get(call_sid=form["CallSid"])
    assert set(answers) == {answers[0]}
    assert f"sip:{call.room}@" in answers[0]
    assert call.events.filter(kind="room_made").count() == 1
    hang_up(call, Cause.STAFF_ENDED, source="test")


def let_ring(number: PhoneNumber) -> None:
    """The person takes the number's calls when no agent can."""
    CallingPolicy.objects.create(organization=number.organization, countries=["US"])
    PhoneNumber.objects.filter(pk=number.pk).update(forward_to=PERSON)


def test_person_takes_the_call_that_a_busy_number_cannot(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber
) -> None:
    phone_stack.worker()
    let_ring(number)
    PhoneNumber.objects.filter(pk=number.pk).update(max_calls=1)
    first = stack_twilio.dial(CALLER, number.number)
    second = stack_twilio.dial(SECOND_CALLER, number.number)
    with first, CalledPhone() as phone:
        stack_twilio.people[PERSON] = phone.phone.uri()
        is_greeted(first)
        with second:
            person = phone.is_called()
            second.is_answered()
            phone.says(person, "hello")
            second.hears_voice()
    call = ended(phone_stack, call_of(second))
    assert (call.cause, call.transferred_to) == (Cause.NO_PLACE, PERSON)
    assert ended(phone_stack, call_of(first)).cause == Cause.CALLER_HUNG_UP


def test_person_who_does_not_pick_up_leaves_words_to_the_caller(
    phone_stack: Stack, stack_twilio: Twilio, number: PhoneNumber
) -> None:
    phone_stack.stop_workers()
    let_ring(number)
    with stack_twilio.dial(CALLER, number.number) as line:
        line.is_told(BUSY)
        line.is_hung_up_on()
    assert line.rung == [PERSON]
