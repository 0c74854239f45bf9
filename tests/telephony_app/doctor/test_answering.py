"""Checks of who would answer."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from agents_app.models import Agent
from telephony_app.doctor.answering import (
    check_agent,
    check_person,
    check_switch,
    check_workers,
)
from telephony_app.findings import Severity
from telephony_app.models import CallingPolicy, PhoneNumber, WorkerHeartbeat
from tests.telephony_app.conftest import call_of


def test_published_agent_that_is_switched_on_is_fine(number: PhoneNumber) -> None:
    [found] = check_agent(number)
    assert (found.severity, found.words) == (Severity.FINE, "Ava answers.")


@pytest.mark.parametrize(
    ("change", "words", "mend"),
    [
        ({"agent": None}, "No agent answers", "Choose one"),
        ({"agent__is_active": False}, "Ava is switched off", "tick Takes calls"),
        ({"agent__published": None}, "never published", "Save and publish"),
    ],
)
def test_who_does_not_answer_is_said_with_the_mend(
    number: PhoneNumber, change: dict[str, Any], words: str, mend: str
) -> None:
    if "agent" in change:
        number.agent = None
    elif number.agent:
        number.agent.is_active = change.get("agent__is_active", True)
        if "agent__published" in change:
            number.agent.published_version = None
    [found] = check_agent(number)
    assert found.severity == Severity.BAD
    assert words in found.words and mend in found.mend


def test_number_that_is_switched_off_is_a_warning(number: PhoneNumber) -> None:
    number.is_active = False
    [found] = check_switch(number)
    assert found.severity == Severity.WARNING


def test_person_who_may_not_be_rung_is_a_warning_with_the_mend(
    number: PhoneNumber,
) -> None:
    assert list(check_person(number)) == []
    number.forward_to = "+12025550177"
    [found] = check_person(number)
    assert found.severity == Severity.WARNING and "Calling policies" in found.mend
    CallingPolicy.objects.create(organization=number.organization, countries=["US"])
    assert list(check_person(number)) == []


def test_closed_hours_are_told_and_fine(number: PhoneNumber) -> None:
    number.opening_hours = "Mon-Fri 09:00-17:00"
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        [found] = check_switch(number)
    assert found.severity == Severity.FINE and "Closed now" in found.words
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        assert list(check_switch(number)) == []


def test_workers_with_places_are_fine(worker: WorkerHeartbeat) -> None:
    [found] = check_workers()
    assert found.words == "Voice workers have 2 free places."


def test_full_workers_are_a_warning(worker: WorkerHeartbeat, agent: Agent) -> None:
    for _ in range(worker.places):
        call_of(agent)
    [found] = check_workers()
    assert found.severity == Severity.WARNING


def test_missing_workers_are_said_with_the_mend(db: None) -> None:
    [found] = check_workers()
    assert found.severity == Severity.BAD and "run_voice_worker" in found.mend
