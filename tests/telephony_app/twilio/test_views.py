"""A call comes in: what Twilio is told to do, and what the row says."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organization
from agents_app.models import Agent
from sealed.handle import Sealed
from telephony_app.livekit import sip_objects
from telephony_app.models import (
    Call,
    CallingPolicy,
    Cause,
    PhoneNumber,
    SipBridge,
    State,
    TwilioAccount,
    WorkerHeartbeat,
)
from telephony_app.twilio.twiml import TOLD_AGAIN
from tests.standins.twilio.rest import NUMBER
from tests.telephony_app.conftest import call_of
from tests.telephony_app.posting import BASE, CALL_SID, CALLER, Post, post

__all__ = ["post"]
PERSON = "+12025550177"
SORRY = "I am sorry, I cannot take your call right now."
BUSY = "All our lines are busy right now."


def row() -> Call:
    """The one call."""
    return Call.objects.get()


def make_busy(number: PhoneNumber, **fields: Any) -> Call:
    """A call that is going on at the number."""
    return call_of(
        number.agent, phone_number=number, room=f"room-{Call.objects.count()}", **fields
    )


def test_caller_is_rung_through_to_a_room_of_the_calls_own(
    post: Post, number: PhoneNumber, worker: WorkerHeartbeat, livekit_server: Any
) -> None:
    answer = post("incoming")
    call = row()
    assert call.room.startswith(f"agent-{number.agent_id}-{NUMBER}-")
    assert answer.dialled.startswith(f"sip:{call.room}@127.0.0.1:")
    assert f"X-Call-Id={call.pk}" in answer.dialled
    assert (call.state, call.dispatches) == (State.DISPATCHING, 1)
    assert (call.caller, call.callee, call.call_sid) == (CALLER, NUMBER, CALL_SID)
    assert (call.agent, call.phone_number) == (number.agent, number)


def test_repeated_request_gets_the_same_answer_and_no_second_call(
    post: Post, number: PhoneNumber, worker: WorkerHeartbeat, livekit_server: Any
) -> None:
    assert post("incoming") == post("incoming")
    assert row().events.filter(kind="room_made").count() == 1


def test_second_caller_gets_another_room(
    post: Post, number: PhoneNumber, worker: WorkerHeartbeat, livekit_server: Any
) -> None:
    first = post("incoming").dialled
    assert post("incoming", {"CallSid": "CA" + "6f" * 16}).dialled != first


def test_repeated_request_while_the_first_is_at_work_is_answered(
    post: Post, number: PhoneNumber
) -> None:
    make_busy(number, call_sid=CALL_SID, direction=Call.Direction.INBOUND)
    assert post("incoming").names == ["Dial"]
    assert row().dispatches == 0


def test_answer_holds_what_the_agent_and_the_bridge_want(
    post: Post, number: PhoneNumber
) -> None:
    make_busy(number, call_sid=CALL_SID)
    [dial] = post("incoming").verbs
    assert dial.attrib == {
        "answerOnBridge": "true",
        "timeout": "25",
        "timeLimit": str(900 + 120 + 3600),
        "action": f"{BASE}/api/v1/voice/twilio/dial-done",
        "referUrl": f"{BASE}/api/v1/voice/twilio/refer",
    }
    bridge, sip = SipBridge.current(), dial[0]
    assert sip.get("username") == bridge.username
    assert sip.get("password") == bridge.secrets.reveal()["password"]
    callback = f"{BASE}/api/v1/voice/twilio/status"
    assert sip.get("statusCallback") == callback + TOLD_AGAIN
    assert int(dial.attrib["timeout"]) > sip_objects.RINGING_SECONDS


def test_recorded_calls_are_recorded_in_two_tracks(
    post: Post, number: PhoneNumber, agent: Agent
) -> None:
    agent.record_calls = True
    agent.save()
    agent.publish()
    make_busy(number, call_sid=CALL_SID, version=agent.published_version)
    [dial] = post("incoming").verbs
    assert dial.get("record") == "record-from-answer-dual"
    callback = dial.get("recordingStatusCallback")
    assert callback == f"{BASE}/api/v1/voice/twilio/recording{TOLD_AGAIN}"


def test_over_tls_the_sound_is_encrypted_too(
    post: Post, number: PhoneNumber, settings: Settings
) -> None:
    settings.SIP_HOST, settings.SIP_TRANSPORT = "sip.example.com", "tls"
    call = make_busy(number, call_sid=CALL_SID)
    start = f"sip:{call.room}@sip.example.com;transport=tls;secure=true?"
    assert post("incoming").dialled.startswith(start)


def test_without_a_worker_the_lines_are_busy_at_once(
    post: Post, number: PhoneNumber
) -> None:
    answer = post("incoming")
    assert answer.names == ["Say", "Hangup"]
    assert answer.words.startswith(BUSY)
    assert (row().state, row().cause) == (State.ENDED, Cause.NO_PLACE)


def test_refusal_is_the_same_when_it_is_asked_for_again(
    post: Post, number: PhoneNumber
) -> None:
    assert post("incoming") == post("incoming")
    assert row().cause == Cause.NO_PLACE


def test_number_takes_no_more_calls_than_it_may(
    post: Post, number: PhoneNumber, worker: WorkerHeartbeat
) -> None:
    PhoneNumber.objects.update(max_calls=1)
    make_busy(number)
    assert post("incoming").words.startswith(BUSY)


def test_agent_that_is_switched_off_says_so_in_its_language(
    post: Post, number: PhoneNumber, agent: Agent
) -> None:
    agent.language = "de-DE"
    agent.unavailable_message = "Wir sind gerade nicht da."
    agent.is_active = False
    agent.save()
    agent.publish()
    [say, _] = post("incoming").verbs
    assert say.text == "Wir sind gerade nicht da."
    assert say.attrib == {"language": "de-DE", "voice": "Polly.Vicki-Neural"}
    assert row().cause == Cause.AGENT_INACTIVE


def test_after_hours_the_closed_message_is_spoken(
    post: Post, number: PhoneNumber
) -> None:
    weekday = f"{timezone.now() + timedelta(days=2):%a}"
    PhoneNumber.objects.update(opening_hours=f"{weekday} 09:00-17:00")
    assert post("incoming").words.startswith("We are closed right now.")
    assert row().cause == Cause.CLOSED


def test_number_without_an_agent_says_a_sentence_in_the_platforms_language(
    post: Post, number: PhoneNumber, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "fr-ca"
    PhoneNumber.objects.update(agent=None)
    answer = post("incoming")
    assert answer.words.startswith("Nous sommes désolés")
    assert answer.verbs[0].get("language") == "fr-FR"
    assert row().cause == Cause.NO_AGENT


def test_number_that_is_switched_off_has_no_agent(
    post: Post, number: PhoneNumber
) -> None:
    PhoneNumber.objects.update(is_active=False, forward_to=PERSON)
    assert post("incoming").words.startswith("We are sorry")
    assert row().cause == Cause.NO_AGENT


def test_number_that_nobody_knows_is_a_row_of_the_account(
    post: Post, account: TwilioAccount
) -> None:
    assert post("incoming").words.startswith("We are sorry")
    assert (row().organization, row().phone_number) == (account.organization, None)


def test_person_is_rung_where_one_is_named(post: Post, number: PhoneNumber) -> None:
    CallingPolicy.objects.create(organization=number.organization, countries=["US"])
    PhoneNumber.objects.update(forward_to=PERSON)
    answer = post("incoming")
    assert (answer.names, answer.dialled) == (["Dial"], PERSON)
    assert answer == post("incoming")
    assert (row().cause, row().transferred_to) == (Cause.NO_PLACE, PERSON)
    assert row().events.filter(kind="transferred").count() == 1


def test_telephone_that_calls_too_often_is_forwarded_no_more(
    post: Post, number: PhoneNumber
) -> None:
    CallingPolicy.objects.create(organization=number.organization, countries=["US"])
    PhoneNumber.objects.update(forward_to=PERSON, agent=None)
    answers = [post("incoming", {"CallSid": f"CA{n:032x}"}).names for n in range(6)]
    assert answers == [["Dial"]] * 5 + [["Say", "Hangup"]]


def test_callers_who_hide_their_number_are_not_forwarded_without_end(
    post: Post, number: PhoneNumber
) -> None:
    CallingPolicy.objects.create(
        organization=number.organization, countries=["US"], calls_per_minute=2
    )
    PhoneNumber.objects.update(forward_to=PERSON, agent=None)
    calls = [{"CallSid": f"CA{n:032x}", "From": "anonymous"} for n in range(3)]
    answers = [post("incoming", call).names for call in [*calls, calls[0]]]
    assert answers == [["Dial"], ["Dial"], ["Say", "Hangup"], ["Dial"]]


def test_unusable_settings_are_the_workers_to_apologize_for(
    post: Post, number: PhoneNumber, agent: Agent
) -> None:
    agent.versions.update(raw_config={"name": ""})
    make_busy(number, call_sid=CALL_SID)
    assert post("incoming").names == ["Dial"]


def test_livekit_that_is_down_is_spoken_of(
    post: Post, number: PhoneNumber, worker: WorkerHeartbeat, no_livekit: None
) -> None:
    assert post("incoming").words.startswith(SORRY)
    assert row().cause == Cause.LIVEKIT_UNREACHABLE


def test_copy_of_an_old_request_is_refused_politely(
    post: Post, number: PhoneNumber
) -> None:
    three_minutes_ago = timezone.now() - timedelta(minutes=3)
    make_busy(number, call_sid=CALL_SID, created_at=three_minutes_ago)
    assert post("incoming").words.startswith(SORRY)


def test_copy_of_a_request_whose_call_is_over_is_refused_politely(
    post: Post, number: PhoneNumber
) -> None:
    PhoneNumber.objects.update(forward_to=PERSON)
    make_busy(number, call_sid=CALL_SID, state=State.ENDED, dispatches=1)
    assert post("incoming").words.startswith(SORRY)


def test_call_of_another_organization_is_not_led_to(
    post: Post, number: PhoneNumber, rival: Organization
) -> None:
    theirs = Agent.objects.create(organization=rival, name="Eve")
    call_of(theirs, call_sid=CALL_SID)
    assert post("incoming").names == ["Say", "Hangup"]


def test_who_calls_without_a_number_is_rung_through(
    post: Post, number: PhoneNumber, worker: WorkerHeartbeat, livekit_server: Any
) -> None:
    assert post("incoming", {"From": "anonymous"}).names == ["Dial"]
    assert row().caller == "anonymous"


def test_what_breaks_is_spoken_of_and_written_down(
    post: Post, number: PhoneNumber
) -> None:
    make_busy(number, call_sid=CALL_SID)
    lost = SipBridge(pk=1, username="voice")
    lost.secrets = Sealed("sealed with a lost key")  # type: ignore[assignment]
    lost.save()
    answer = post("incoming")
    assert answer.words.startswith(SORRY)
    assert (row().cause, row().state) == (Cause.ERROR, State.ENDED)
    assert row().error == "SealBroken"


def test_what_breaks_before_there_is_a_row_is_apologized_for(
    post: Post, number: PhoneNumber
) -> None:
    PhoneNumber.objects.update(opening_hours="Mon 09:00-17:00", time_zone="No/Where")
    answer = post("incoming")
    assert (answer.status, answer.names) == (200, ["Say", "Hangup"])


def test_log_tells_callers_apart_and_not_who_they_are(
    post: Post, number: PhoneNumber, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        post("incoming")
    assert CALLER not in caplog.text
    assert "+1202…11" in caplog.text


def test_webhook_asks_the_database_as_little_as_it_must(
    post: Post,
    number: PhoneNumber,
    worker: WorkerHeartbeat,
    livekit_server: Any,
    django_assert_num_queries: Any,
) -> None:
    post("incoming", {"From": "anonymous", "CallSid": "CA" + "1" * 32})
    with django_assert_num_queries(1):
        post("incoming", token="f0" * 16)
    locks = connection.vendor == "postgresql"
    with django_assert_num_queries(6 + locks):
        post("incoming")
