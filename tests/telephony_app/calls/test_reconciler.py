"""The reconciler, against a real LiveKit: rooms that are there and rooms not."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agents_app.models import Agent
from telephony_app.calls import opening
from telephony_app.calls.reconciler import close_forgotten_rooms, reconcile
from telephony_app.livekit import rooms
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.models import (
    Call,
    CallEvent,
    Cause,
    State,
    TwilioAccount,
    WorkerHeartbeat,
)
from telephony_app.tasks import reconcile_calls
from tests.standins.twilio.rest import NUMBER, Twilio
from tests.telephony_app.conftest import call_of

pytestmark = pytest.mark.django_db
Kind = CallEvent.Kind


def ago(seconds: float) -> Any:
    """A moment before now."""
    return timezone.now() - timedelta(seconds=seconds)


def outcome(call: Call) -> tuple[str, str]:
    """Where the call stands now, and why it ended."""
    call.refresh_from_db()
    return call.state, call.cause


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look twice without the wait in between."""
    monkeypatch.setattr("telephony_app.calls.reconciler.SECOND_LOOK_SECONDS", 0)


@pytest.fixture
def made(livekit_server: Any, agent: Agent) -> Iterator[Any]:
    """Makes calls whose room LiveKit really has."""
    opened: list[Call] = []

    def make(**fields: Any) -> Call:
        call = call_of(agent, **fields)
        call.room = f"agent-{agent.pk}-web-{call.pk.hex[:10]}"
        call.save()
        rooms.make_room(call.room, call.pk)
        opened.append(call)
        return call

    yield make
    for call in opened:
        rooms.close_room(call.room)


def talking(made: Any, **fields: Any) -> Call:
    """A call in progress, its last dispatch long done."""
    values = {
        "state": State.IN_PROGRESS,
        "created_at": ago(60),
        "answered_at": ago(58),
        "dispatches": 1,
        "dispatched_at": ago(60),
    }
    call: Call = made(**(values | fields))
    call.events.create(source="t", kind=Kind.ANSWERED, dedupe_key=call.room, at=ago(58))
    return call


def test_call_whose_room_is_gone_ends_by_what_is_known(
    livekit_server: Any, agent: Agent
) -> None:
    call = call_of(agent, state=State.IN_PROGRESS, created_at=ago(60))
    for key, kind, cause in (
        ("a", Kind.CALLER_JOINED, ""),
        ("b", Kind.CALLER_LEFT, Cause.CALLER_LOST),
    ):
        call.events.create(
            source="t", kind=kind, cause=cause, dedupe_key=key, at=ago(30)
        )
    reconcile()
    assert outcome(call) == (State.ENDED, Cause.CALLER_LOST)


def test_call_that_was_just_opened_is_left_alone(
    livekit_server: Any, agent: Agent
) -> None:
    call = call_of(agent)
    reconcile()
    assert outcome(call) == (State.CREATED, "")


def test_telephone_that_was_dialled_may_ring_for_a_minute(made: Any) -> None:
    call = made(
        direction=Call.Direction.OUTBOUND,
        state=State.DISPATCHING,
        created_at=ago(90),
        dial_claimed_at=ago(50),
        worker=None,
        dispatched_at=ago(5),
    )
    reconcile()
    assert outcome(call) == (State.DISPATCHING, "")


def test_caller_who_does_not_come_is_not_waited_for(made: Any) -> None:
    call = made(state=State.DISPATCHING, created_at=ago(61))
    reconcile()
    assert outcome(call) == (State.ENDED, Cause.ABANDONED)
    assert call.room not in rooms.open_rooms()


def test_call_far_beyond_its_longest_is_hung_up(
    made: Any, worker: WorkerHeartbeat
) -> None:
    call = talking(made, worker=worker, created_at=ago(1100), answered_at=ago(1090))
    reconcile()
    assert outcome(call) == (State.ENDED, Cause.MAX_LENGTH)


def test_caller_who_is_being_put_through_for_too_long_is_hung_up_on(
    made: Any, twilio: Twilio, account: TwilioAccount
) -> None:
    line = twilio.dial("+12025550111", NUMBER)
    away = {"call_sid": line.sid, "transferred_to": "+12025550150"}
    call = talking(made, created_at=ago(1100), answered_at=ago(1090), **away)
    reconcile()
    assert outcome(call) == (State.ENDED, Cause.MAX_LENGTH)
    line.is_hung_up_on()
    assert line.call.is_over


def test_call_that_twilio_does_not_end_keeps_no_other_from_its_end(
    made: Any, twilio: Twilio, caplog: pytest.LogCaptureFixture
) -> None:
    long_ago = {"created_at": ago(1100), "answered_at": ago(1090)}
    away = {"call_sid": "CA" + "5e" * 16, "transferred_to": "+12025550150"}
    calls = [talking(made, **long_ago, **about) for about in (away, {})]
    with caplog.at_level("WARNING"):
        reconcile()
    assert outcome(calls[1]) == (State.ENDED, Cause.MAX_LENGTH)
    assert f"Ending call {calls[0].pk} has to wait" in caplog.text


def test_call_that_a_living_worker_carries_goes_on(
    made: Any, worker: WorkerHeartbeat
) -> None:
    call = talking(made, worker=worker)
    reconcile()
    assert outcome(call) == (State.IN_PROGRESS, "")
    assert call.dispatches == 1


def test_call_of_a_dead_worker_is_dispatched_again(
    made: Any, worker: WorkerHeartbeat
) -> None:
    WorkerHeartbeat.objects.update(seen_at=ago(16))
    call = talking(made, worker=worker)
    reconcile()
    assert outcome(call) == (State.IN_PROGRESS, "")
    assert (call.dispatches, call.worker) == (2, None)
    assert call.events.filter(kind=Kind.REDISPATCHED).count() == 1


def test_call_that_was_dispatched_often_enough_is_given_up(made: Any) -> None:
    call = talking(made, dispatches=4)
    reconcile()
    assert outcome(call) == (State.ENDED, Cause.WORKER_LOST)


def test_call_that_was_claimed_meanwhile_is_not_given_up(
    made: Any, worker: WorkerHeartbeat
) -> None:
    call = talking(made, dispatches=4)
    as_read = Call.objects.get(pk=call.pk)
    opening.claim(call, worker=worker.name)
    opening.rescue(as_read, source="reconciler")
    assert outcome(call) == (State.IN_PROGRESS, "")
    assert call.room in rooms.open_rooms()


def test_call_that_was_claimed_meanwhile_is_not_dispatched_again(
    made: Any, worker: WorkerHeartbeat
) -> None:
    call = talking(made)
    as_read = Call.objects.get(pk=call.pk)
    opening.claim(call, worker=worker.name)
    opening.rescue(as_read, source="rescue")
    call.refresh_from_db()
    assert (call.worker, call.dispatches) == (worker, 1)


def test_of_two_rescuers_only_the_first_dispatches(made: Any) -> None:
    call = talking(made)
    first, second = (Call.objects.get(pk=call.pk) for _ in range(2))
    for as_read in (first, second):
        opening.rescue(as_read, source="rescue")
    call.refresh_from_db()
    assert call.dispatches == 2


def test_dispatch_that_livekit_did_not_take_does_not_count(
    agent: Agent, no_livekit: None
) -> None:
    call = call_of(agent, state=State.IN_PROGRESS, dispatches=1)
    with pytest.raises(LiveKitUnreachable):
        opening.rescue(call, source="rescue")
    call.refresh_from_db()
    assert call.dispatches == 1
    assert not call.events.exists()


def test_one_second_look_serves_all_calls(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony_app.calls.reconciler.SECOND_LOOK_SECONDS", 1)
    stranded = [talking(made) for _ in range(3)]
    began = time.monotonic()
    reconcile()
    assert 1 <= time.monotonic() - began < 2.5
    for call in stranded:
        call.refresh_from_db()
        assert call.dispatches == 2


def test_caller_whom_no_agent_answered_is_let_go(made: Any) -> None:
    call = made(state=State.RINGING, created_at=ago(60), dispatches=4)
    reconcile()
    assert outcome(call) == (State.ENDED, Cause.NOT_ANSWERED)


def test_room_in_which_caller_and_person_talk_stays_open(made: Any) -> None:
    call = talking(made)
    opening.end_call(call, Cause.TRANSFERRED, source="worker")
    Call.objects.update(ended_at=ago(60))
    close_forgotten_rooms({call.room: 2})
    assert call.room in rooms.open_rooms()
    close_forgotten_rooms({call.room: 1})
    assert call.room not in rooms.open_rooms()


def test_room_of_an_ended_call_is_closed(made: Any) -> None:
    call = made(state=State.ENDED, created_at=ago(90), ended_at=ago(30))
    reconcile()
    assert call.room not in rooms.open_rooms()


def test_second_run_changes_nothing(made: Any) -> None:
    call = talking(made)
    reconcile_calls()
    events = call.events.count()
    reconcile_calls()
    assert call.events.count() == events
    assert outcome(call) == (State.IN_PROGRESS, "")


def test_nothing_is_judged_while_livekit_is_unreachable(
    agent: Agent, no_livekit: None, caplog: pytest.LogCaptureFixture
) -> None:
    call = call_of(agent, state=State.IN_PROGRESS, created_at=ago(60))
    reconcile()
    assert outcome(call) == (State.IN_PROGRESS, "")
    assert "Reconciling calls has to wait" in caplog.text


def test_worker_gone_for_a_day_is_forgotten(
    worker: WorkerHeartbeat, no_livekit: None
) -> None:
    WorkerHeartbeat.objects.update(seen_at=ago(86_401))
    reconcile()
    assert not WorkerHeartbeat.objects.exists()
