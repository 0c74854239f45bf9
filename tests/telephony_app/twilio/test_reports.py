"""What Twilio tells of a call's legs: counted once, in whatever order it comes."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, Cause, PhoneNumber, State
from tests.standins.twilio.webhooks import stamp
from tests.telephony_app.conftest import call_of, seconds
from tests.telephony_app.livekit.test_webhook import report
from tests.telephony_app.posting import CALL_SID, Post, post

__all__ = ["post"]
CHILD = {"CallSid": "CA" + "9d" * 16, "ParentCallSid": CALL_SID, "To": "sip:room@host"}
OVER = {"CallStatus": "completed", "CallDuration": "61"}


@pytest.fixture(autouse=True)
def ringing(agent: Agent, number: PhoneNumber) -> Call:
    """A call that Twilio rings through to its room."""
    return call_of(
        agent,
        call_sid=CALL_SID,
        phone_number=number,
        direction=Call.Direction.INBOUND,
        dispatches=1,
    )


def row() -> Call:
    """The call, as it is now."""
    return Call.objects.get(call_sid=CALL_SID)


@pytest.mark.parametrize(
    ("status", "kind", "state"),
    [
        ("initiated", CallEvent.Kind.DIALED, State.DISPATCHING),
        ("ringing", CallEvent.Kind.LINE_RINGING, State.RINGING),
        ("in-progress", CallEvent.Kind.PICKED_UP, State.RINGING),
    ],
)
def test_leg_to_the_agent_goes_on(
    post: Post, status: str, kind: CallEvent.Kind, state: State
) -> None:
    for _ in range(2):
        assert post("status", CHILD | {"CallStatus": status}).status == 200
    assert (row().events.get().kind, row().state) == (kind, state)


def test_end_of_the_leg_to_the_agent_ends_nothing_by_itself(post: Post) -> None:
    post("status", CHILD | {"CallStatus": "busy", "SipResponseCode": "486"})
    assert (row().state, row().sip_status) == (State.CREATED, 486)


def test_end_of_the_callers_line_tells_what_is_billed(post: Post) -> None:
    post("status", OVER)
    assert (row().state, row().billed_seconds) == (State.ENDED, 61)


def test_report_of_a_call_that_nobody_knows_is_no_error(post: Post) -> None:
    unknown = OVER | {"CallSid": "CA" + "0" * 32}
    for name in ("status", "dial-done", "forward-done"):
        assert post(name, unknown).status == 200
    assert row().state == State.CREATED


@pytest.mark.parametrize("told", ["", "-1", "²", "9" * 30, "soon"])
def test_garbled_figures_change_nothing(post: Post, told: str) -> None:
    answer = post("status", OVER | {"CallDuration": told, "Timestamp": told})
    assert answer.status == 200
    assert (row().billed_seconds, row().state) == (None, State.ENDED)
    post("dial-done", {"DialCallStatus": "busy", "DialSipResponseCode": told})
    assert row().sip_status is None


def test_caller_who_hangs_up_while_it_rings_hung_up(post: Post) -> None:
    gone = {"CallStatus": "no-answer", "DialCallStatus": "canceled"}
    assert post("dial-done", gone).names == ["Hangup"]
    post("status", OVER | {"CallStatus": "no-answer", "CallDuration": "0"})
    assert (row().cause, row().answered_at) == (Cause.CALLER_HUNG_UP, None)


def test_caller_who_hangs_up_before_anything_rang_never_came(post: Post) -> None:
    post("status", OVER | {"CallStatus": "canceled", "CallDuration": "0"})
    assert row().cause == Cause.ABANDONED


def test_time_is_twilios_when_the_report_is_late(post: Post) -> None:
    post("status", OVER | {"Timestamp": stamp(seconds(60))})
    assert row().ended_at == seconds(60)


def test_time_in_the_future_is_now(post: Post) -> None:
    post("status", OVER | {"Timestamp": stamp(seconds(0) + timedelta(days=9000))})
    ended_at = row().ended_at
    assert ended_at
    assert ended_at < seconds(0) + timedelta(days=9000)


TWILIO: list[tuple[str, dict[str, str]]] = [
    ("status", CHILD | {"CallStatus": "in-progress", "Timestamp": stamp(seconds(2))}),
    ("dial-done", {"CallStatus": "completed", "DialCallStatus": "completed"}),
    ("status", OVER | {"Timestamp": stamp(seconds(63))}),
]
LIVEKIT: list[tuple[str, dict[str, str]]] = [
    ("participant_joined", {"kind": "SIP"}),
    ("participant_left", {"kind": "SIP", "why": "CLIENT_INITIATED"}),
]


def orders(events: list[Any]) -> Iterator[list[Any]]:
    """Every order of them, with each repeated at once, and with all repeated later."""
    for order in permutations(events):
        yield [event for event in order for _ in range(2)]
        yield [*order, *order]


def test_five_reports_in_all_orders_and_twice_end_in_the_same_row(
    post: Post, client: Client, ringing: Call
) -> None:
    rows, tried = set(), 0
    for order in orders([*TWILIO, *LIVEKIT]):
        with transaction.atomic():
            for name, told in order:
                if (name, told) in TWILIO:
                    assert post(name, told).status == 200
                else:
                    assert report(client, ringing, name, **told).status_code == 200
            call = row()
            count = call.events.count()
            rows.add(
                (call.state, call.cause, call.ended_at, call.billed_seconds, count)
            )
            transaction.set_rollback(True)
        tried += 1
    assert tried == 240
    assert rows == {(State.ENDED, Cause.CALLER_HUNG_UP, seconds(63), 61, 5)}
