"""LiveKit's webhook: signed, counted once, quiet about rooms that are not ours."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from livekit import api

from agents_app.models import Agent
from telephony_app.calls.lifecycle import record
from telephony_app.models import Call, CallEvent, Cause, State
from tests.telephony_app.conftest import call_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/voice/livekit/webhook"
Kind = CallEvent.Kind


def signature(body: bytes, *, secret: str = settings.LIVEKIT_API_SECRET) -> str:
    """The header as LiveKit makes it: a bare JWT with the body's hash."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    token = api.AccessToken(settings.LIVEKIT_API_KEY, secret).with_sha256(digest)
    return token.with_ttl(timedelta(minutes=5)).to_jwt()


def post(client: Client, body: bytes, header: str) -> HttpResponse:
    """Post a body as LiveKit does."""
    return client.post(
        URL,
        body,
        content_type="application/webhook+json",
        headers={"Authorization": header},
    )


def report(client: Client, call: Call, event: str, **who: Any) -> HttpResponse:
    """Report about the call's room, signed."""
    said: dict[str, Any] = {
        "event": event,
        "id": f"EV_{event}_{'_'.join(map(str, who.values()))}",
        "createdAt": str(int(timezone.now().timestamp())),
        "room": {"name": call.room},
    }
    if who:
        identity = who.get("identity", "x")
        said["participant"] = {"kind": who["kind"], "identity": identity}
        said["participant"] |= {"disconnectReason": who.get("why", "UNKNOWN_REASON")}
        said["participant"] |= {"attributes": {"sip.callStatus": who.get("line", "")}}
    body = json.dumps(said).encode()
    return post(client, body, signature(body))


@pytest.fixture
def ringing(agent: Any) -> Call:
    """A call whose room was just made."""
    return call_of(agent)


def test_caller_who_joins_rings(client: Client, ringing: Call) -> None:
    assert report(client, ringing, "participant_joined", kind=0).status_code == 200
    ringing.refresh_from_db()
    assert ringing.state == State.RINGING


@pytest.mark.parametrize("event", ["participant_joined", "participant_left"])
def test_person_who_is_called_in_is_no_caller(
    client: Client, ringing: Call, event: str
) -> None:
    report(client, ringing, event, kind="SIP", identity="person-1", why="ROOM_DELETED")
    assert not ringing.events.exists()


def test_agent_who_joins_is_noted(client: Client, ringing: Call) -> None:
    report(client, ringing, "participant_joined", kind="AGENT")
    assert ringing.events.get().kind == Kind.AGENT_JOINED


def test_agent_who_crashes_is_noted_with_the_reason(
    client: Client, ringing: Call
) -> None:
    report(client, ringing, "participant_left", kind="AGENT", why="CONNECTION_TIMEOUT")
    event = ringing.events.get()
    assert (event.kind, event.detail) == (Kind.AGENT_LOST, "CONNECTION_TIMEOUT")


def test_agent_who_leaves_in_order_is_no_event(client: Client, ringing: Call) -> None:
    report(client, ringing, "participant_left", kind="AGENT", why="ROOM_DELETED")
    assert not ringing.events.exists()


@pytest.mark.parametrize(
    ("why", "cause"),
    [
        ("CLIENT_INITIATED", Cause.CALLER_HUNG_UP),
        ("CONNECTION_TIMEOUT", Cause.CALLER_LOST),
        ("SIGNAL_CLOSE", Cause.CALLER_LOST),
        ("ROOM_DELETED", Cause.ROOM_CLOSED),
    ],
)
def test_closed_room_ends_the_call_by_how_the_caller_left(
    client: Client, ringing: Call, why: str, cause: Cause
) -> None:
    report(client, ringing, "participant_joined", kind="STANDARD")
    report(client, ringing, "participant_left", kind="STANDARD", why=why)
    report(client, ringing, "room_finished")
    ringing.refresh_from_db()
    assert (ringing.state, ringing.cause) == (State.ENDED, cause)


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("ringing", Cause.NOT_ANSWERED),
        ("active", Cause.CALLER_HUNG_UP),
        ("hangup", Cause.CALLER_HUNG_UP),
    ],
)
def test_telephone_that_rang_in_vain_was_not_hung_up(
    client: Client, ringing: Call, line: str, cause: Cause
) -> None:
    why = {"kind": "SIP", "why": "CLIENT_INITIATED", "line": line}
    report(client, ringing, "participant_joined", kind="SIP", line="ringing")
    report(client, ringing, "participant_left", **why)
    report(client, ringing, "room_finished")
    ringing.refresh_from_db()
    assert (ringing.state, ringing.cause) == (State.ENDED, cause)


@pytest.mark.parametrize(
    ("why", "cause"),
    [
        ("USER_UNAVAILABLE", Cause.NO_ANSWER),
        ("USER_REJECTED", Cause.DECLINED),
        ("SIP_TRUNK_FAILURE", Cause.PROVIDER_REFUSED),
        ("CLIENT_INITIATED", Cause.NO_ANSWER),
    ],
)
def test_telephone_that_we_called_tells_why_nobody_spoke(
    client: Client, agent: Agent, why: str, cause: Cause
) -> None:
    call = call_of(agent, direction=Call.Direction.OUTBOUND)
    report(client, call, "participant_joined", kind="SIP", line="dialing")
    assert not call.events.exists()
    report(client, call, "participant_left", kind="SIP", line="ringing", why=why)
    report(client, call, "room_finished")
    call.refresh_from_db()
    assert (call.state, call.cause) == (State.ENDED, cause)


def test_rooms_that_come_back_with_livekit_change_nothing(
    client: Client, ringing: Call
) -> None:
    for number in range(2):
        report(client, ringing, "room_started", kind="STANDARD", again=number)
        report(client, ringing, "participant_joined", kind="SIP", again=number)
        record(ringing, Kind.ANSWERED, source="worker", key="answered")
    report(client, ringing, "participant_left", kind="SIP", why="CLIENT_INITIATED")
    ringing.refresh_from_db()
    assert ringing.state == State.IN_PROGRESS
    report(client, ringing, "room_finished")
    ringing.refresh_from_db()
    assert ringing.cause == Cause.CALLER_HUNG_UP


def test_repeated_report_counts_once(client: Client, ringing: Call) -> None:
    for _ in range(2):
        assert report(client, ringing, "participant_joined", kind=0).status_code == 200
    assert ringing.events.count() == 1


def test_wrong_signature_is_refused(client: Client, ringing: Call) -> None:
    header = signature(b"{}", secret="z" * 40)
    assert post(client, b"{}", header).status_code == 401


def test_body_that_was_changed_is_refused(client: Client) -> None:
    assert post(client, b'{"event":"x"}', signature(b"{}")).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "nonsense", "a.b.c"])
def test_missing_or_garbled_header_is_refused(client: Client, header: str) -> None:
    assert post(client, b"{}", header).status_code == 401


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[1", b"null", b'{"event": 7}'])
def test_garbage_is_refused_even_when_it_is_signed(client: Client, body: bytes) -> None:
    assert post(client, body, signature(body)).status_code == 401


@pytest.mark.parametrize("kind", [99, "AGENT"])
def test_unheard_of_values_change_nothing(
    client: Client, ringing: Call, kind: int | str
) -> None:
    answer = report(client, ringing, "participant_left", kind=kind, why=0)
    assert answer.status_code == 200


def test_unknown_room_is_answered_and_ignored(client: Client, ringing: Call) -> None:
    ringing.room = "somebody-elses"
    assert report(client, ringing, "room_finished").status_code == 200
    assert not CallEvent.objects.exists()


def test_only_post_is_taken(client: Client) -> None:
    assert client.get(URL).status_code == 405
