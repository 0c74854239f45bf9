"""Twilio tells how it went with the person to whom a caller was put through."""

import pytest

from telephony_app.calls import transfers
from telephony_app.models import Call, CallEvent, Cause, PhoneNumber, State
from telephony_app.twilio import twiml
from tests.telephony_app.posting import CALL_SID, CALLER, Post, post

__all__ = ["post"]
SALES = "+12025550123"
CHILD_SID = "CA" + "6f" * 16
TALKING = {"CallStatus": "in-progress"}
pytestmark = pytest.mark.usefixtures("no_livekit")


@pytest.fixture(autouse=True)
def put_through(call: Call, number: PhoneNumber) -> Call:
    """A caller of Acme's number, on the way to Sales."""
    values = {"call_sid": CALL_SID, "caller": CALLER, "callee": number.number}
    Call.objects.filter(pk=call.pk).update(phone_number=number, **values)
    call.refresh_from_db()
    transfers.begin(call, SALES, source="worker")
    return call


def after(call: Call) -> tuple[str, str, str]:
    """Where the call stands."""
    call.refresh_from_db()
    return call.state, call.cause, call.transferred_to


@pytest.mark.parametrize("times", [1, 2])
def test_person_who_picked_up_has_the_caller(
    post: Post, call: Call, times: int
) -> None:
    leg = TALKING | {"CallSid": CHILD_SID, "ParentCallSid": CALL_SID}
    for _ in range(times):
        assert post("transfer-answered", leg).names == []
    assert after(call) == (State.ENDED, Cause.TRANSFERRED, SALES)


def test_end_of_their_talk_tells_it_too(post: Post, call: Call) -> None:
    answer = post("transfer-done", TALKING | {"DialCallStatus": "completed"})
    assert answer.names == ["Hangup"]
    assert after(call) == (State.ENDED, Cause.TRANSFERRED, SALES)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("no-answer", "Nobody picked up."),
        ("busy", "The line was busy."),
        ("failed", "The number could not be called."),
    ],
)
def test_caller_goes_back_to_the_agents_room(
    post: Post, call: Call, status: str, why: str
) -> None:
    answer = post("transfer-done", TALKING | {"DialCallStatus": status})
    assert answer.dialled.startswith(f"sip:{call.room}@")
    assert after(call) == (State.IN_PROGRESS, "", "")
    assert call.events.get(kind=CallEvent.Kind.RETURNED).detail == why


def test_caller_who_gave_up_meanwhile_hung_up(post: Post, call: Call) -> None:
    gone = {"CallStatus": "completed", "DialCallStatus": "canceled"}
    assert post("transfer-done", gone).names == ["Hangup"]
    assert after(call)[:2] == (State.ENDED, Cause.CALLER_HUNG_UP)


def test_caller_who_gave_up_as_the_transfer_began_hung_up(
    post: Post, call: Call
) -> None:
    gone = {"CallStatus": "completed", "DialCallStatus": "completed"}
    post("dial-done", gone)
    assert after(call)[:2] == (State.ENDED, Cause.CALLER_HUNG_UP)


def test_agents_leg_that_ends_by_itself_leads_to_the_person(
    post: Post, call: Call
) -> None:
    answer = post("dial-done", TALKING | {"DialCallStatus": "completed"})
    assert answer.dialled == SALES
    assert after(call)[0] == State.IN_PROGRESS


def test_caller_who_comes_back_to_a_call_that_is_over_is_told(
    post: Post, call: Call
) -> None:
    ended = {"CallSid": CHILD_SID, "ParentCallSid": CALL_SID, **TALKING}
    post("transfer-answered", ended)
    answer = post("transfer-done", TALKING | {"DialCallStatus": "failed"})
    assert answer.names == ["Say", "Hangup"]


@pytest.mark.parametrize(
    "target",
    [
        f"tel:{SALES}",
        f"<tel:{SALES}>",
        f"sip:{SALES}@sip.twilio.com",
        f"<sip:{SALES}@sip.twilio.com;transport=tls>",
    ],
)
def test_bridge_may_send_the_caller_to_whom_the_tool_chose(
    post: Post, target: str
) -> None:
    answer = post("refer", TALKING | {"ReferTransferTarget": target})
    assert answer.dialled == SALES


@pytest.mark.parametrize("target", ["tel:+882123456789", "sip:boss@evil.example", ""])
def test_bridge_may_send_the_caller_to_nobody_else(
    post: Post, call: Call, target: str
) -> None:
    answer = post("refer", TALKING | {"ReferTransferTarget": target})
    assert answer.dialled.startswith(f"sip:{call.room}@")
    assert after(call) == (State.IN_PROGRESS, "", "")


def test_bridge_sends_nobody_unasked(post: Post, call: Call) -> None:
    transfers.come_back(call, "Nobody picked up.", source="worker")
    answer = post("refer", TALKING | {"ReferTransferTarget": f"tel:{SALES}"})
    assert answer.dialled.startswith(f"sip:{call.room}@")


@pytest.mark.parametrize("name", ["transfer-answered", "transfer-done", "refer"])
def test_nobody_else_tells_of_it(post: Post, call: Call, name: str) -> None:
    leg = {"ParentCallSid": CALL_SID} | TALKING
    assert post(name, leg, token="f0" * 16).status == 403
    assert after(call)[0] == State.IN_PROGRESS


@pytest.mark.parametrize("name", ["transfer-done", "refer"])
def test_call_that_nobody_knows_is_hung_up(post: Post, name: str) -> None:
    assert post(name, {"CallSid": "CA" + "3c" * 16}).names == ["Hangup"]


def test_person_sees_the_callers_number(call: Call) -> None:
    assert f'callerId="{CALLER}"' in twiml.put_through(call, SALES)


def test_person_sees_our_number_of_an_anonymous_caller(
    call: Call, number: PhoneNumber
) -> None:
    call.caller = "anonymous"
    assert f'callerId="{number.number}"' in twiml.put_through(call, SALES)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("sip:office@pbx.example.com", "sip:office@pbx.example.com"),
        ("sips:office@pbx.example.com", "sip:office@pbx.example.com;transport=tls"),
    ],
)
def test_sip_address_is_dialled_as_one(call: Call, address: str, written: str) -> None:
    assert f">{written}</Sip>" in twiml.put_through(call, address)
