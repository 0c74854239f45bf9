"""Rows of a caller who is put through, and comes back or not."""

import pytest
from django.test import Client

from telephony_app.calls import transfers
from telephony_app.models import Call, CallEvent, CallingPolicy, Cause, State
from telephony_app.outbound.rules import NotAllowed
from tests.telephony_app.livekit.test_webhook import report

SALES = "+12025550123"
Kind = CallEvent.Kind


def kinds(call: Call) -> list[str]:
    """What happened to the caller, in order."""
    moved = call.events.filter(kind__in=[Kind.TRANSFERRED, Kind.RETURNED])
    return list(moved.order_by("pk").values_list("kind", flat=True))


def test_caller_on_the_way_to_a_person_leaves_without_hanging_up(
    client: Client, call: Call
) -> None:
    transfers.begin(call, SALES, source="worker")
    report(client, call, "participant_left", kind="SIP", why="CLIENT_INITIATED")
    call.refresh_from_db()
    assert (call.state, call.transferred_to) == (State.IN_PROGRESS, SALES)
    assert call.is_being_transferred


def test_event_says_to_whom(call: Call) -> None:
    transfers.begin(call, SALES, source="worker")
    event = call.events.get(kind=Kind.TRANSFERRED)
    assert (event.source, event.detail) == ("worker", "To +1 202-555-0123")


def test_caller_whom_the_person_took_has_been_put_through(
    call: Call, no_livekit: None
) -> None:
    transfers.begin(call, SALES, source="worker")
    transfers.take_over(call, source="twilio")
    call.refresh_from_db()
    assert (call.state, call.cause) == (State.ENDED, Cause.TRANSFERRED)
    assert call.transferred_to == SALES
    assert not call.is_being_transferred


def test_caller_comes_back_when_nobody_answers(call: Call) -> None:
    transfers.begin(call, SALES, source="worker")
    transfers.come_back(call, "Nobody picked up.", source="twilio")
    call.refresh_from_db()
    assert (call.state, call.transferred_to) == (State.IN_PROGRESS, "")
    assert call.events.get(kind=Kind.RETURNED).detail == "Nobody picked up."


def test_return_that_two_report_counts_once(call: Call) -> None:
    transfers.begin(call, SALES, source="worker")
    for source in ("twilio", "worker"):
        transfers.come_back(call, "Nobody picked up.", source=source)
    assert kinds(call) == [Kind.TRANSFERRED, Kind.RETURNED]


def test_caller_may_be_put_through_again(call: Call) -> None:
    for _ in range(2):
        transfers.begin(call, SALES, source="worker")
        transfers.come_back(call, "Nobody picked up.", source="twilio")
    assert kinds(call) == [Kind.TRANSFERRED, Kind.RETURNED] * 2


def test_number_of_an_allowed_country_may_be_called(call: Call) -> None:
    CallingPolicy.objects.create(organization=call.organization, countries=["US"])
    transfers.check_target(call.organization_id, SALES)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+4930900900", "DE is not among the countries"),
        ("+19005550123", "no ordinary number"),
    ],
)
def test_dear_and_foreign_numbers_are_refused(
    call: Call, number: str, words: str
) -> None:
    CallingPolicy.objects.create(organization=call.organization, countries=["US"])
    with pytest.raises(NotAllowed, match=words):
        transfers.check_target(call.organization_id, number)


def test_without_a_policy_no_number_is_called(call: Call) -> None:
    with pytest.raises(NotAllowed, match="Calling policies"):
        transfers.check_target(call.organization_id, SALES)


def test_sip_address_needs_no_country(call: Call) -> None:
    transfers.check_target(call.organization_id, "sip:office@pbx.example.com")
