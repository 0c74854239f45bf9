"""What becomes of a caller once the agent's line, or a person's, is closed."""

import pytest

from agents_app.models import Agent
from telephony_app.calls.lifecycle import record
from telephony_app.calls.opening import end_call
from telephony_app.models import Call, CallEvent, CallingPolicy, Cause, PhoneNumber
from tests.standins.twilio.rest import NUMBER
from tests.telephony_app.conftest import call_of
from tests.telephony_app.posting import CALL_SID, Post, post

__all__ = ["post"]
PERSON = "+12025550177"
SORRY = "I am sorry, I cannot take your call right now."
HUNG_UP = {"CallStatus": "in-progress", "DialCallStatus": "completed"}
BUSY = {
    "CallStatus": "ringing",
    "DialCallStatus": "busy",
    "DialSipResponseCode": "486",
    "DialCallSid": "CA" + "9d" * 16,
}


@pytest.fixture(autouse=True)
def call(agent: Agent, number: PhoneNumber) -> Call:
    """A call that Twilio rings through to its room."""
    return call_of(
        agent,
        call_sid=CALL_SID,
        phone_number=number,
        direction=Call.Direction.INBOUND,
        dispatches=1,
    )


@pytest.fixture(autouse=True)
def _policy(call: Call) -> None:
    """People in the US may be called."""
    CallingPolicy.objects.create(organization=call.organization, countries=["US"])


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_caller_of_an_agent_that_never_came_is_told(
    post: Post, call: Call, status: str
) -> None:
    answer = post("dial-done", BUSY | {"DialCallStatus": status})
    assert (answer.names, answer.words[:46]) == (["Say", "Hangup"], SORRY)
    call.refresh_from_db()
    assert (call.cause, call.sip_status) == (Cause.NOT_ANSWERED, 486)


def test_repeated_report_gets_the_same_answer(post: Post, call: Call) -> None:
    assert post("dial-done", BUSY) == post("dial-done", BUSY)
    assert call.events.count() == 1


@pytest.mark.parametrize(
    "cause", [Cause.AGENT_HUNG_UP, Cause.SILENCE, Cause.MAX_LENGTH, Cause.STAFF_ENDED]
)
def test_caller_who_was_taken_leave_of_is_hung_up_on(
    post: Post, call: Call, cause: Cause
) -> None:
    end_call(call, cause, source="worker")
    assert post("dial-done", HUNG_UP).names == ["Hangup"]


def test_caller_to_whom_the_worker_apologized_hears_no_second_apology(
    post: Post, call: Call
) -> None:
    end_call(call, Cause.MODEL_UNAVAILABLE, source="worker")
    assert post("dial-done", HUNG_UP).names == ["Hangup"]


@pytest.mark.parametrize("source", ["rescue", "reconciler"])
def test_caller_whose_agent_was_lost_for_good_is_told(
    post: Post, call: Call, source: str
) -> None:
    record(call, CallEvent.Kind.ANSWERED, source="worker", key="answered")
    end_call(call, Cause.WORKER_LOST, source=source)
    assert post("dial-done", HUNG_UP).words.startswith(SORRY)


def test_caller_whose_room_vanished_is_told(post: Post, call: Call) -> None:
    assert post("dial-done", HUNG_UP).words.startswith(SORRY)
    call.refresh_from_db()
    assert call.cause == Cause.ABANDONED


def test_caller_whom_livekit_took_for_gone_and_who_is_there_is_told(
    post: Post, call: Call
) -> None:
    end_call(call, Cause.CALLER_LOST, source="worker")
    assert post("dial-done", HUNG_UP).words.startswith(SORRY)


def test_caller_who_hung_up_is_told_nothing(post: Post, call: Call) -> None:
    gone = HUNG_UP | {"CallStatus": "completed"}
    assert post("dial-done", gone).names == ["Hangup"]
    call.refresh_from_db()
    assert call.cause == Cause.CALLER_HUNG_UP


def test_person_takes_the_call_that_no_agent_took(post: Post, call: Call) -> None:
    PhoneNumber.objects.update(forward_to=PERSON)
    answer = post("dial-done", BUSY)
    assert answer.dialled == PERSON
    [dial] = answer.verbs
    assert str(dial.get("action")).endswith("/forward-done")
    assert dial.get("callerId") is None
    call.refresh_from_db()
    assert call.transferred_to == PERSON


@pytest.mark.parametrize("person", ["+19005550123", "+4930900900", NUMBER])
def test_person_who_may_not_be_called_leaves_the_usual_words(
    post: Post, call: Call, person: str, caplog: pytest.LogCaptureFixture
) -> None:
    PhoneNumber.objects.update(forward_to=person)
    assert post("dial-done", BUSY).words.startswith(SORRY)
    assert "it may not be called" in caplog.text and person not in caplog.text
    call.refresh_from_db()
    assert call.transferred_to == ""


def test_person_who_picked_up_and_hung_up_ends_the_call(post: Post) -> None:
    assert post("forward-done", HUNG_UP).names == ["Hangup"]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_person_who_does_not_pick_up_leaves_words(
    post: Post, call: Call, status: str
) -> None:
    end_call(call, Cause.CLOSED, source="twilio")
    answer = post("forward-done", BUSY | {"DialCallStatus": status})
    assert answer.words.startswith("We are closed right now.")
    problem = call.events.get(kind=CallEvent.Kind.PROBLEM)
    assert status in problem.detail


def test_fallback_speaks_and_writes_down_why(post: Post, call: Call) -> None:
    answer = post("fallback", {"ErrorCode": "11205"})
    assert answer.words.startswith(SORRY)
    call.refresh_from_db()
    assert (call.cause, "11205" in call.error) == (Cause.ERROR, True)


@pytest.mark.parametrize(
    "cause", [Cause.AGENT_HUNG_UP, Cause.TRANSFERRED, Cause.SILENCE]
)
def test_fallback_forwards_nobody_who_was_taken_leave_of(
    post: Post, call: Call, cause: Cause
) -> None:
    PhoneNumber.objects.update(forward_to=PERSON)
    end_call(call, cause, source="worker")
    assert post("fallback").names == ["Hangup"]


def test_fallback_rings_the_person_where_one_is_named(post: Post) -> None:
    PhoneNumber.objects.update(forward_to=PERSON)
    assert post("fallback").dialled == PERSON


@pytest.mark.parametrize(
    ("person", "verb"), [("", "Say"), (PERSON, "Dial"), ("+19005550123", "Say")]
)
def test_fallback_needs_no_row(post: Post, person: str, verb: str) -> None:
    PhoneNumber.objects.update(forward_to=person)
    Call.objects.all().delete()
    assert post("fallback").names[0] == verb
