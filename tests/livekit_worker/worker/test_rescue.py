"""Which calls are rescued, and by whom."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from livekit_worker.claiming import claim_call
from livekit_worker.worker.heartbeat import WORKER_NAME
from livekit_worker.worker.rescue import stranded
from telephony_app.calls import opening, places
from telephony_app.models import Call, CallEvent, State, WorkerHeartbeat


def copy(call: Call) -> Call:
    """Another call to the same agent."""
    another = Call.objects.get(pk=call.pk)
    another.pk, another.room, another.worker = uuid.uuid4(), "another-room", None
    another.save(force_insert=True)
    return another


def ago(seconds: float) -> object:
    """The time so many seconds ago."""
    return timezone.now() - timedelta(seconds=seconds)


def test_call_of_a_live_worker_is_left_alone(
    call: Call, worker: WorkerHeartbeat
) -> None:
    Call.objects.update(worker=worker, state=State.IN_PROGRESS)
    assert not stranded().exists()


def test_call_of_a_worker_that_fell_silent_is_stranded(
    call: Call, worker: WorkerHeartbeat
) -> None:
    Call.objects.update(worker=worker, state=State.IN_PROGRESS)
    WorkerHeartbeat.objects.update(seen_at=ago(4))
    assert stranded().get() == call


def test_worker_does_not_judge_itself_by_a_heartbeat_that_came_late(
    call: Call, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKER_NAME, worker.name)
    Call.objects.update(worker=worker, state=State.IN_PROGRESS)
    WorkerHeartbeat.objects.update(seen_at=ago(4))
    assert not stranded().exists()


def test_dispatch_that_nobody_took_is_stranded_after_a_while(call: Call) -> None:
    Call.objects.update(dispatched_at=ago(1))
    assert not stranded().exists()
    Call.objects.update(dispatched_at=ago(5))
    assert stranded().get() == call


@pytest.mark.parametrize("state", [State.CREATED, State.ENDED])
def test_call_without_a_room_is_not_stranded(call: Call, state: State) -> None:
    Call.objects.update(dispatched_at=ago(60), state=state)
    assert not stranded().exists()


def test_of_two_jobs_only_the_first_claims_the_call(
    call: Call, worker: WorkerHeartbeat
) -> None:
    assert opening.claim(call, worker=worker.name)
    assert not opening.claim(call, worker=worker.name)


def test_worker_claims_no_more_calls_than_it_has_places(
    call: Call, worker: WorkerHeartbeat
) -> None:
    WorkerHeartbeat.objects.update(places=1)
    assert opening.claim(call, worker=worker.name)
    another = copy(call)
    assert not opening.claim(another, worker=worker.name)
    Call.objects.filter(pk=call.pk).update(state=State.ENDED)
    assert opening.claim(another, worker=worker.name)


def test_ended_call_is_not_claimed(call: Call, worker: WorkerHeartbeat) -> None:
    Call.objects.update(state=State.ENDED)
    assert not opening.claim(call, worker=worker.name)


@pytest.mark.parametrize(("kind", "after"), [("caller_joined", 15), ("picked_up", 35)])
def test_caller_who_hears_nothing_for_long_is_rescued(
    call: Call, worker: WorkerHeartbeat, kind: str, after: int
) -> None:
    Call.objects.update(worker=worker, state=State.RINGING, dispatched_at=ago(60))
    at = ago(after - 2)
    joined = call.events.create(kind=kind, source="livekit", dedupe_key="1", at=at)
    assert not stranded().exists()
    joined.at = ago(after + 1)
    joined.save()
    assert stranded().get() == call


def test_telephone_that_we_call_may_ring_for_long(
    call: Call, worker: WorkerHeartbeat
) -> None:
    Call.objects.update(worker=worker, state=State.RINGING, dispatched_at=ago(60))
    call.events.create(
        kind=CallEvent.Kind.LINE_RINGING, source="livekit", dedupe_key="1", at=ago(40)
    )
    assert not stranded().exists()


def test_call_of_a_draining_worker_takes_no_place_of_another(
    call: Call, worker: WorkerHeartbeat
) -> None:
    draining = WorkerHeartbeat.objects.create(
        name="old", agent_name="phone-agent", places=2, is_draining=True
    )
    Call.objects.update(worker=draining)
    assert places.free_places() == worker.places


def test_released_call_can_be_claimed_again(
    call: Call, worker: WorkerHeartbeat
) -> None:
    opening.claim(call, worker=worker.name)
    opening.release(call.pk, worker=worker.name)
    assert opening.claim(call, worker=worker.name)


def test_second_job_of_a_call_is_not_taken(
    call: Call, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKER_NAME, worker.name)
    assert claim_call("", call.room, is_full=False)
    assert not claim_call("", call.room, is_full=False)


@pytest.mark.parametrize("is_full", [True, False])
def test_job_of_an_unknown_call_is_taken_while_there_is_a_place(
    worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch, is_full: bool
) -> None:
    monkeypatch.setenv(WORKER_NAME, worker.name)
    assert claim_call("", "a-room-of-no-call", is_full=is_full) is not is_full


def test_known_call_is_judged_by_its_row_alone(
    call: Call, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKER_NAME, worker.name)
    assert claim_call("", call.room, is_full=True)
