"""*Call a number* on an agent's page."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from agents_app.models import Agent
from telephony_app.livekit import rooms
from telephony_app.models import (
    Call,
    CallingPolicy,
    PhoneNumber,
    TwilioAccount,
    WorkerHeartbeat,
)
from tests.telephony_app.outgoing import OURS, THEIRS, let_call_out, out_call


@pytest.fixture
def caller(agent: Agent, worker: WorkerHeartbeat) -> Agent:
    """Ava, who may call out and knows a variable."""
    agent.variables = {"first_name": "there"}
    agent.publish()
    let_call_out(agent)
    return agent


def page_of(agent: Agent) -> str:
    """Where the agent calls somebody."""
    return reverse("admin:call_a_number", args=[agent.pk])


def form_of(agent: Agent, **changes: str) -> dict[str, str]:
    """What the browser sends."""
    number = PhoneNumber.objects.get(number=OURS)
    values = {"key": "one", "to": THEIRS, "caller": str(number.pk)}
    return values | {"variable-first_name": "Zoe"} | changes


def test_agents_page_leads_to_it(as_ed: Client, caller: Agent) -> None:
    page = as_ed.get(reverse("admin:agents_app_agent_change", args=[caller.pk])).text
    assert page_of(caller) in page


def test_agent_that_takes_no_calls_makes_none(as_ed: Client, agent: Agent) -> None:
    Agent.objects.update(is_active=False)
    page = as_ed.get(reverse("admin:agents_app_agent_change", args=[agent.pk])).text
    assert page_of(agent) not in page


def test_form_offers_the_agents_number_and_its_variables(
    as_ed: Client, caller: Agent, rival: Organization
) -> None:
    PhoneNumber.objects.create(organization=rival, number="+15550009999")
    page = as_ed.get(page_of(caller)).text
    assert re.search(r"<option[^>]* selected[^>]*>\s*\+1 555-000-2222", page)
    assert "+1 555-000-9999" not in page
    assert 'value="there"' in page and "First name" in page
    assert "the call costs money" in page


def test_sent_form_leads_to_the_call(
    as_ed: Client, caller: Agent, livekit_server: Any
) -> None:
    spaced = form_of(caller, to=" +1 (202) 555-0123 ")
    answer = as_ed.post(page_of(caller), spaced)
    call = Call.objects.get()
    there = reverse("admin:telephony_app_call_change", args=[call.pk])
    assert answer.headers["Location"] == there
    assert (call.callee, call.variables) == (THEIRS, {"first_name": "Zoe"})
    rooms.close_room(call.room)


def test_second_click_is_no_second_call(
    as_ed: Client, caller: Agent, livekit_server: Any
) -> None:
    for _ in range(2):
        assert as_ed.post(page_of(caller), form_of(caller)).status_code == 302
    rooms.close_room(Call.objects.get().room)


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("2025550123", "with + and the country first"),
        ("+19005551234", "is no ordinary number"),
        ("", "This field is required"),
    ],
)
def test_refusal_stands_at_its_field(
    as_ed: Client, caller: Agent, to: str, words: str
) -> None:
    page = as_ed.post(page_of(caller), form_of(caller, to=to)).text
    assert words in page
    assert not Call.objects.exists()


def test_number_that_was_called_just_now_is_told(as_ed: Client, caller: Agent) -> None:
    out_call(caller, callee=THEIRS)
    page = as_ed.post(page_of(caller), form_of(caller)).text
    assert "was called just now" in page


def test_full_lines_are_told(as_ed: Client, caller: Agent) -> None:
    WorkerHeartbeat.objects.update(places=0)
    page = as_ed.post(page_of(caller), form_of(caller)).text
    assert "All lines are busy" in page


def test_what_is_missing_is_said_in_place_of_the_form(
    as_ed: Client, caller: Agent
) -> None:
    for model, change, words in (
        (TwilioAccount, {"termination_host": ""}, "no trunk for calls out"),
        (PhoneNumber, {"is_active": False}, "Connect one under Numbers"),
        (CallingPolicy, {"may_call_out": False}, "Acme may not call out"),
        (Agent, {"is_active": False}, "is switched off"),
    ):
        model.objects.update(**change)  # type: ignore[attr-defined]
        page = as_ed.get(page_of(caller)).text
        assert words in page
        assert 'name="to"' not in page


def test_viewer_may_not_call(client: Client, vic: User, caller: Agent) -> None:
    client.force_login(vic)
    assert client.get(page_of(caller)).status_code == 403


def test_strangers_agent_is_not_there(
    client: Client, mallory: User, caller: Agent
) -> None:
    client.force_login(mallory)
    assert client.post(page_of(caller), form_of(caller)).status_code == 404
    assert not Call.objects.exists()
