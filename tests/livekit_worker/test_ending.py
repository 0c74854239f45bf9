"""Why a conversation ended."""

import asyncio
from typing import Any

import pytest
from livekit import rtc

from livekit_worker.ending import (
    End,
    Ending,
    Handover,
    end_of_caller,
    end_of_connection,
)
from livekit_worker.model_trouble import ERRORS_PER_MINUTE, ModelTrouble
from telephony_app.models import Cause


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (rtc.DisconnectReason.CLIENT_INITIATED, Cause.CALLER_HUNG_UP),
        (rtc.DisconnectReason.ROOM_DELETED, Cause.ROOM_CLOSED),
        (rtc.DisconnectReason.ROOM_CLOSED, Cause.ROOM_CLOSED),
        (rtc.DisconnectReason.CONNECTION_TIMEOUT, Cause.CALLER_LOST),
        (None, Cause.CALLER_LOST),
    ],
)
def test_departure_of_the_caller_has_a_cause(
    reason: rtc.DisconnectReason.ValueType | None, cause: Cause
) -> None:
    assert end_of_caller(reason).cause == cause


def test_departure_for_a_reason_newer_than_our_library_is_a_loss() -> None:
    unknown: Any = 99
    end = end_of_caller(unknown)
    assert (end.cause, end.detail) == (Cause.CALLER_LOST, "LiveKit says reason 99.")


def test_telephone_that_rang_in_vain_was_not_answered() -> None:
    gone = rtc.DisconnectReason.CLIENT_INITIATED
    assert end_of_caller(gone, was_ringing=True).cause == Cause.NOT_ANSWERED


def test_first_reason_to_end_is_the_one_that_counts() -> None:
    async def end_twice() -> End | Handover:
        ending = Ending()
        ending.give(End(Cause.SILENCE))
        ending.give(End(Cause.CALLER_HUNG_UP))
        return await ending.wait()

    assert asyncio.run(end_twice()) == End(Cause.SILENCE)


@pytest.mark.parametrize("reason", ["ROOM_DELETED", "ROOM_CLOSED"])
def test_closed_room_ends_the_call(reason: str) -> None:
    number = rtc.DisconnectReason.Value(reason)
    assert end_of_connection(number, was_answered=True) == End(Cause.ROOM_CLOSED)
    assert end_of_connection(number, was_answered=False) == End(Cause.ABANDONED)


@pytest.mark.parametrize(
    "reason", ["UNKNOWN_REASON", "SIGNAL_CLOSE", "PARTICIPANT_REMOVED", "MIGRATION"]
)
def test_lost_connection_hands_the_call_over_and_says_why(reason: str) -> None:
    number = rtc.DisconnectReason.Value(reason)
    end = end_of_connection(number, was_answered=True)
    assert isinstance(end, Handover)
    assert reason in end.problem


def test_single_failure_of_the_model_is_survived() -> None:
    assert not ModelTrouble().is_too_much(recoverable=True)


def test_unrecoverable_failure_is_too_much() -> None:
    assert ModelTrouble().is_too_much(recoverable=False)


def test_model_that_keeps_failing_is_given_up() -> None:
    trouble = ModelTrouble()
    failures = [
        trouble.is_too_much(recoverable=True) for _ in range(ERRORS_PER_MINUTE + 1)
    ]
    assert failures == [False] * ERRORS_PER_MINUTE + [True]
