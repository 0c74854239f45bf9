"""The API of calls out, for people signed in to the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from agents_app.models import Agent
from telephony_app.livekit import rooms
from telephony_app.models import Call, State, WorkerHeartbeat
from tests.telephony_app.outgoing import MIDDAY, OURS, THEIRS, let_call_out, out_call

CALLS = "/api/v1/calls"


@pytest.fixture
def caller(agent: Agent, worker: WorkerHeartbeat) -> Agent:
    """Ava, who may call out and knows a variable."""
    agent.variables = {"day": "today"}
    agent.publish()
    let_call_out(agent)
    return agent


def order(client: Client, agent: Agent, *, key: str = "", **asked: Any) -> Any:
    """Ask for a call out."""
    headers = {"Idempotency-Key": key} if key else {}
    body = {"agent_id": agent.pk, "to": THEIRS} | asked
    return client.post(CALLS, body, "application/json", headers=headers)


def test_call_is_opened_and_told(
    as_ed: Client, caller: Agent, livekit_server: Any
) -> None:
    answer = order(as_ed, caller, variables={"day": "tomorrow"})
    told, call = answer.json(), Call.objects.get()
    assert answer.status_code == 201
    assert told["id"] == str(call.pk)
    assert (told["direction"], told["from"], told["to"]) == ("outbound", OURS, THEIRS)
    assert told["variables"] == {"day": "tomorrow"}
    assert told["state"] == "dispatching"
    rooms.close_room(call.room)


def test_repeated_request_is_answered_with_the_same_call(
    as_ed: Client, caller: Agent, livekit_server: Any
) -> None:
    first, again = (order(as_ed, caller, key="one") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert (first.status_code, again.status_code) == (201, 201)
    rooms.close_room(Call.objects.get().room)


def test_call_costs_33_queries_however_many_went_before(
    as_ed: Client,
    caller: Agent,
    django_assert_max_num_queries: Callable[..., Any],
    livekit_server: Any,
) -> None:
    for _ in range(5):
        out_call(caller, created_at=MIDDAY, state=State.ENDED, ended_at=MIDDAY)
    with django_assert_max_num_queries(33):
        answer = order(as_ed, caller, key="one")
    assert answer.status_code == 201
    rooms.close_room(Call.objects.get(pk=answer.json()["id"]).room)


def test_viewer_may_not_call_and_is_told_the_role(
    client: Client, vic: User, caller: Agent
) -> None:
    client.force_login(vic)
    answer = order(client, caller)
    assert answer.status_code == 403
    assert "role editor" in answer.json()["detail"]


def test_strangers_agent_does_not_exist(
    client: Client, mallory: User, caller: Agent
) -> None:
    client.force_login(mallory)
    assert order(client, caller).status_code == 404


def test_stranger_without_login_is_refused(client: Client, caller: Agent) -> None:
    assert order(client, caller).status_code == 403


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"to": "2025550123"}, "to"),
        ({"to": ""}, "to"),
        ({"to": "+19005551234"}, "to"),
        ({"to": ["+12025550123"]}, "to"),
        ({"from": "+15550009999"}, "from"),
        ({"agent_id": "ava"}, "agent_id"),
        ({"variables": {"name": "Zoe"}}, "variables"),
        ({"variables": {"day": ["a"]}}, "variables"),
        ({"variables": {"day": "x" * 301}}, "variables"),
        ({"variables": "day"}, "variables"),
        ({"key": "k" * 256}, "Idempotency-Key"),
    ],
)
def test_refusal_names_its_field(
    as_ed: Client, caller: Agent, asked: dict[str, Any], field: str
) -> None:
    answer = order(as_ed, caller, **asked)
    assert answer.status_code == 400
    assert list(answer.json()) == [field]


def test_call_that_would_do_later_says_when(as_ed: Client, caller: Agent) -> None:
    out_call(caller, callee=THEIRS)
    answer = order(as_ed, caller)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "was called just now" in answer.json()["to"][0]


def test_unreachable_livekit_is_told_and_kept(
    as_ed: Client, caller: Agent, no_livekit: None
) -> None:
    answer = order(as_ed, caller)
    assert (answer.status_code, answer.json()["cause"]) == (503, "livekit_unreachable")
    assert answer.json()["call_id"] == str(Call.objects.get().pk)
