"""The API of calls, for people signed in to the admin."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from agents_app.models import Agent
from telephony_app.livekit import rooms
from telephony_app.models import Call, Cause, State, TwilioAccount, WorkerHeartbeat
from tests.standins.twilio.line import Line
from tests.standins.twilio.rest import NUMBER, Twilio
from tests.telephony_app.conftest import call_of, seconds, turn_of

SESSION = "/api/v1/voice/session"
CALLER = "+12025550111"


def talk(client: Client, agent_id: Any) -> Any:
    """Ask for a voice session."""
    return client.post(SESSION, {"agent_id": agent_id}, "application/json")


def test_viewer_may_not_talk_and_is_told_the_role(
    client: Client, vic: User, agent: Agent
) -> None:
    client.force_login(vic)
    answer = talk(client, agent.pk)
    assert answer.status_code == 403
    assert "role editor" in answer.json()["detail"]


def test_foreign_agent_is_answered_like_an_unknown_one(
    client: Client, mallory: User, agent: Agent
) -> None:
    client.force_login(mallory)
    foreign, unknown = talk(client, agent.pk), talk(client, 987_654)
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()


@pytest.mark.parametrize(
    "agent_id", [None, "", "ava", 0, -1, 1.5, [], {}, True, 10**30, "1" * 2000]
)
def test_garbage_agent_id_is_named(as_ed: Client, agent_id: Any) -> None:
    answer = talk(as_ed, agent_id)
    assert answer.status_code == 400
    assert answer.json()["agent_id"]


def test_missing_agent_id_is_named(as_ed: Client) -> None:
    answer = as_ed.post(SESSION, {}, "application/json")
    assert answer.json() == {"agent_id": ["This field is required."]}


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '"agent_id"'])
def test_body_that_is_no_object_is_refused(as_ed: Client, body: str) -> None:
    assert as_ed.post(SESSION, body, "application/json").status_code == 400


def test_inactive_agent_is_told_with_the_mend(as_ed: Client, agent: Agent) -> None:
    Agent.objects.update(is_active=False)
    answer = talk(as_ed, agent.pk)
    assert (answer.status_code, answer.json()["cause"]) == (409, "agent_inactive")
    assert "Switch it on" in answer.json()["detail"]


def test_busy_lines_are_told_and_kept(as_ed: Client, agent: Agent) -> None:
    answer = talk(as_ed, agent.pk)
    call = Call.objects.get(pk=answer.json()["call_id"])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "All lines are busy" in answer.json()["detail"]
    assert (call.state, call.cause) == (State.ENDED, Cause.NO_PLACE)


def test_unreachable_livekit_is_told_and_kept_without_its_address(
    as_ed: Client,
    agent: Agent,
    worker: WorkerHeartbeat,
    no_livekit: None,
    settings: Settings,
) -> None:
    answer = talk(as_ed, agent.pk)
    call = Call.objects.get()
    assert (answer.status_code, answer.json()["cause"]) == (503, "livekit_unreachable")
    assert "LiveKit, which carries the calls, does not" in answer.json()["detail"]
    assert settings.LIVEKIT_URL not in answer.text + call.error
    assert (call.state, call.cause) == (State.ENDED, Cause.LIVEKIT_UNREACHABLE)


def test_stranger_without_login_is_refused(client: Client, agent: Agent) -> None:
    assert talk(client, agent.pk).status_code == 403


def test_session_needs_the_csrf_token(ed: User, agent: Agent) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ed)
    assert "CSRF" in talk(browser, agent.pk).json()["detail"]


def test_call_is_told_with_its_turns_in_order(as_ed: Client, call: Call) -> None:
    turn_of(call, "agent", "It is noon.", spoken_from=seconds(5), latency_ms=640)
    turn_of(call, "caller", "What time is it?", spoken_from=seconds(2))
    told = as_ed.get(f"/api/v1/calls/{call.pk}").json()
    assert [t["text"] for t in told["turns"]] == ["What time is it?", "It is noon."]
    assert told["turns"][1]["latency_ms"] == 640
    assert told["turns"][0]["spoken_from"] == "2026-03-02T12:00:02Z"
    assert told["agent"] == {"id": call.agent_id, "name": "Ava"}
    assert (told["state"], told["version"]) == ("in_progress", 1)


def test_ended_call_tells_its_cause_in_words(as_ed: Client, agent: Agent) -> None:
    call = call_of(agent, state=State.ENDED, cause=Cause.NO_PLACE)
    told = as_ed.get(f"/api/v1/calls/{call.pk}").json()
    assert (told["cause"], told["cause_label"]) == ("no_place", "All lines were busy")


def test_call_costs_the_same_queries_however_long(
    as_ed: Client, call: Call, django_assert_num_queries: Callable[..., Any]
) -> None:
    for second in range(30):
        turn_of(call, "caller", "Hm.", spoken_from=seconds(second))
    with django_assert_num_queries(5):  # session, user, call, turns, recordings
        as_ed.get(f"/api/v1/calls/{call.pk}")


@pytest.mark.parametrize("path", ["", "/end"])
def test_foreign_and_unknown_calls_do_not_exist(
    client: Client, mallory: User, call: Call, path: str
) -> None:
    client.force_login(mallory)
    ask = client.post if path else client.get
    for call_id in (call.pk, uuid4()):
        assert ask(f"/api/v1/calls/{call_id}{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "/end"])
@pytest.mark.parametrize("call_id", ["7", "not-an-id", "0" * 400])
def test_what_is_no_id_of_a_call_is_refused_in_json(
    as_ed: Client, call_id: str, path: str
) -> None:
    ask = as_ed.post if path else as_ed.get
    answer = ask(f"/api/v1/calls/{call_id}{path}")
    assert answer.status_code == 404
    assert "Check the id" in answer.json()["detail"]


def test_viewer_reads_a_call_but_may_not_end_it(
    client: Client, vic: User, call: Call
) -> None:
    client.force_login(vic)
    assert client.get(f"/api/v1/calls/{call.pk}").status_code == 200
    assert client.post(f"/api/v1/calls/{call.pk}/end").status_code == 403


def test_call_that_ended_stays_as_it_ended(as_ed: Client, agent: Agent) -> None:
    call = call_of(agent, state=State.ENDED, cause=Cause.CALLER_HUNG_UP)
    told = as_ed.post(f"/api/v1/calls/{call.pk}/end").json()
    assert told["cause"] == "caller_hung_up"


def end(client: Client, call: Call) -> str:
    """End the call; the cause that the answer tells."""
    cause: str = client.post(f"/api/v1/calls/{call.pk}/end").json()["cause"]
    return cause


def test_caller_who_gives_up_before_joining_never_came(
    as_ed: Client, ed: User, agent: Agent, livekit_server: Any
) -> None:
    call = call_of(agent, state=State.DISPATCHING, started_by=ed)
    assert end(as_ed, call) == Cause.ABANDONED


def test_call_of_somebody_else_is_ended_by_staff(
    as_ed: Client, alice: User, agent: Agent, livekit_server: Any
) -> None:
    call = call_of(agent, state=State.DISPATCHING, started_by=alice)
    assert end(as_ed, call) == Cause.STAFF_ENDED


def test_call_out_that_does_not_ring_yet_is_ended_by_staff(
    as_ed: Client, ed: User, agent: Agent, livekit_server: Any
) -> None:
    fields = {"direction": Call.Direction.OUTBOUND, "started_by": ed}
    call = call_of(agent, state=State.DISPATCHING, **fields)
    assert end(as_ed, call) == Cause.STAFF_ENDED


def test_call_that_was_joined_is_ended_by_staff(
    as_ed: Client, ed: User, agent: Agent, livekit_server: Any
) -> None:
    call = call_of(agent, state=State.RINGING, started_by=ed)
    assert end(as_ed, call) == Cause.STAFF_ENDED


def put_through(twilio: Twilio, call: Call) -> Line:
    """Twilio takes the caller's line from the agent, and rings Sales."""
    line = twilio.dial(CALLER, NUMBER)
    Call.objects.update(call_sid=line.sid, transferred_to="+12025550150")
    return line


def test_caller_who_is_being_put_through_is_hung_up_on_too(
    as_ed: Client,
    call: Call,
    twilio: Twilio,
    account: TwilioAccount,
    livekit_server: Any,
) -> None:
    line = put_through(twilio, call)
    assert end(as_ed, call) == Cause.STAFF_ENDED
    line.is_hung_up_on()
    assert line.call.is_over


def test_call_that_twilio_does_not_end_goes_on_and_may_be_ended_again(
    as_ed: Client, call: Call, twilio: Twilio
) -> None:
    put_through(twilio, call)
    answer = as_ed.post(f"/api/v1/calls/{call.pk}/end")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "no Twilio account" in answer.json()["detail"]
    call.refresh_from_db()
    assert call.state == State.IN_PROGRESS


def test_call_ends_even_when_its_room_cannot_be_closed(
    as_ed: Client, call: Call, no_livekit: None
) -> None:
    answer = as_ed.post(f"/api/v1/calls/{call.pk}/end")
    call.refresh_from_db()
    assert (answer.status_code, call.cause) == (503, Cause.STAFF_ENDED)
    assert "LIVEKIT_URL" not in answer.text


def test_session_lets_the_caller_into_a_room_that_is_there(
    as_ed: Client, agent: Agent, worker: WorkerHeartbeat, livekit_server: Any
) -> None:
    answer = talk(as_ed, agent.pk)
    told, call = answer.json(), Call.objects.get()
    assert answer.status_code == 201
    assert told["call_id"] == str(call.pk)
    assert told["room"] == call.room
    assert call.room in rooms.open_rooms()
    assert (call.state, call.started_by.username) == (State.DISPATCHING, "ed")
    rooms.close_room(call.room)


def test_token_opens_one_room_for_five_minutes_and_tells_nothing(
    as_ed: Client, agent: Agent, worker: WorkerHeartbeat, livekit_server: Any
) -> None:
    told = talk(as_ed, agent.pk).json()
    claims = jwt.decode(told["token"], options={"verify_signature": False})
    assert claims["video"]["room"] == told["room"]
    assert claims["video"]["canPublishSources"] == ["microphone"]
    assert claims["exp"] - claims["nbf"] == 300
    assert "metadata" not in claims
    rooms.close_room(told["room"])


def test_more_calls_than_places_are_refused(
    as_ed: Client, agent: Agent, worker: WorkerHeartbeat, livekit_server: Any
) -> None:
    answers = [talk(as_ed, agent.pk) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 503]
    for answer in answers[:2]:
        rooms.close_room(answer.json()["room"])
