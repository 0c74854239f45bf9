"""The webhook of an incoming call as little as it can be: Starlette, SQL by hand, the
same checks, the same rows, the same answer. Served by uvicorn.

The environment says where the database is and which address Twilio was given.
"""

import json
import os
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from cryptography.fernet import Fernet, MultiFernet
from livekit import api
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import VoiceResponse

PATH = "/api/v1/voice/twilio/incoming"
BASE = os.environ.get("PUBLIC_BASE_URL", "")
LOCK = 1
Row = Mapping[str, Any]
FIND = """
SELECT n.id AS number_id, n.max_calls, n.is_active, n.opening_hours, n.organization_id,
  a.id AS agent_id, a.is_active AS agent_is_active, v.id AS version_id, v.raw_config,
  t.account_sid, t.secrets
FROM telephony_app_phonenumber n
JOIN telephony_app_twilioaccount t ON t.organization_id = n.organization_id
LEFT JOIN agents_app_agent a ON a.id = n.agent_id
LEFT JOIN agents_app_agentversion v ON v.id = a.published_version_id
WHERE n.number = %s
"""
RATE = """
SELECT count(*) FILTER (WHERE created_at > %(minute)s) AS minute, count(*) AS hour
FROM telephony_app_call
WHERE caller = %(caller)s AND direction = 'inbound' AND created_at > %(hour)s
  AND cause <> 'declined'
"""
COUNT = """
SELECT count(*) FILTER (WHERE c.phone_number_id = %(number_id)s) AS of_number,
  count(*) FILTER (WHERE c.organization_id = %(organization_id)s) AS of_organization,
  count(*) FILTER (WHERE w.is_draining IS NOT TRUE) AS carried,
  (SELECT sum(places) FROM telephony_app_workerheartbeat
   WHERE seen_at > %(fresh)s AND NOT is_draining) AS places,
  (SELECT max_calls FROM telephony_app_callingpolicy
   WHERE organization_id = %(organization_id)s) AS most
FROM telephony_app_call c
LEFT JOIN telephony_app_workerheartbeat w ON w.id = c.worker_id
WHERE c.state <> 'ended'
"""
INSERT = """
INSERT INTO telephony_app_call (id, organization_id, agent_id, version_id, direction,
  phone_number_id, caller, callee, call_sid, variables, transferred_to, room, state,
  cause, error, created_at, ended_at, dispatches, usage)
VALUES (%(id)s, %(organization_id)s, %(agent_id)s, %(version_id)s, 'inbound',
  %(number_id)s, %(caller)s, %(callee)s, %(call_sid)s, '{}', '', %(room)s, %(state)s,
  %(cause)s, %(error)s, %(now)s, %(ended_at)s, 0, '{}')
ON CONFLICT (call_sid) DO NOTHING
"""
EVENT = """
INSERT INTO telephony_app_callevent
  (call_id, source, kind, dedupe_key, at, cause, detail)
VALUES (%(id)s, 'twilio', %(kind)s, %(key)s, %(now)s, %(cause)s, %(error)s)
"""
DISPATCHED = """
UPDATE telephony_app_call SET state = 'dispatching', dispatches = 1, dispatched_at = %s
WHERE id = %s
"""
BRIDGE = "SELECT username, secrets FROM telephony_app_sipbridge WHERE id = 1"


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
    """Connections that every request shares."""
    keys = [Fernet(k) for k in os.environ["FIELD_ENCRYPTION_KEYS"].split(",")]
    livekit = api.LiveKitAPI(
        os.environ["LIVEKIT_URL"],
        os.environ["LIVEKIT_API_KEY"],
        os.environ["LIVEKIT_API_SECRET"],
        timeout=aiohttp.ClientTimeout(total=4),
    )
    url = os.environ["DATABASE_URL"]
    options = {"row_factory": dict_row}
    # As ours, it gives out no connection that the database has closed.
    look = AsyncConnectionPool.check_connection
    async with AsyncConnectionPool(
        url, max_size=10, kwargs=options, check=look
    ) as pool:
        yield {"pool": pool, "keys": MultiFernet(keys), "livekit": livekit}
    await livekit.aclose()


async def incoming(request: Request) -> Response:
    """Check who asks, take a place, make the room, answer."""
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    state = request.state
    async with state.pool.connection() as connection:
        found = await (await connection.execute(FIND, [form["To"]])).fetchone()
        await connection.commit()
        signature = request.headers.get("X-Twilio-Signature", "")
        token = _opened(state.keys, found["secrets"])["auth_token"]
        is_theirs = found["account_sid"] == form["AccountSid"]
        signed = RequestValidator(token).validate(BASE + PATH, form, signature)
        if not (is_theirs and signed):
            return Response(status_code=403)
        call = await _take_place(connection, found, form)
        if call["cause"]:
            return _said(found["raw_config"])
        await _make_room(state.livekit, call)
        await _dispatched(connection, call)
        row = await (await connection.execute(BRIDGE)).fetchone()
        return _connect(call, row, _opened(state.keys, row["secrets"])["password"])


def _opened(keys: MultiFernet, sealed: Any) -> Any:
    return json.loads(keys.decrypt(bytes(sealed)))


async def _take_place(
    connection: AsyncConnection[Row], found: Row, form: Mapping[str, str]
) -> dict[str, Any]:
    now = datetime.now(UTC)
    since = {"minute": now - timedelta(minutes=1), "hour": now - timedelta(hours=1)}
    call = dict(found) | {
        "id": uuid.uuid4(),
        "caller": form["From"],
        "callee": form["To"],
        "call_sid": form["CallSid"],
        "room": f"agent-{found['agent_id']}-{form['To']}-{form['CallSid'][-10:]}",
        "now": now,
        "fresh": now - timedelta(seconds=3),
    }
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        often = await (await connection.execute(RATE, since | call)).fetchone()
        full = await (await connection.execute(COUNT, call)).fetchone()
        assert often and full
        call["cause"] = _refusal(found, often, full)
        ended = {"state": "ended" if call["cause"] else "created", "error": ""}
        call |= ended | {"ended_at": now if call["cause"] else None}
        await connection.execute(INSERT, call)
        if call["cause"]:
            about = {"kind": "ended", "key": f"{call['id']}:ended"}
            await connection.execute(EVENT, call | about)
    return call


def _refusal(found: Row, often: Row, full: Row) -> str:
    if not (found["version_id"] and found["agent_is_active"]):
        return "agent_inactive"
    if often["minute"] >= 5 or often["hour"] >= 20:
        return "declined"
    if (
        full["of_number"] >= found["max_calls"]
        or full["of_organization"] >= full["most"]
    ):
        return "no_place"
    return "no_place" if full["carried"] >= (full["places"] or 0) else ""


async def _make_room(livekit: api.LiveKitAPI, call: Row) -> None:
    metadata = json.dumps({"call_id": str(call["id"])})
    dispatch = api.RoomAgentDispatch(agent_name="nobody", metadata=metadata)
    room = api.CreateRoomRequest(
        name=call["room"],
        empty_timeout=60,
        departure_timeout=5,
        max_participants=6,
        agents=[dispatch],
    )
    await livekit.room.create_room(room)


async def _dispatched(connection: AsyncConnection[Row], call: Row) -> None:
    async with connection.transaction():
        await connection.execute(DISPATCHED, [call["now"], call["id"]])
        about = {"kind": "room_made", "key": f"{call['id']}:room_made"}
        await connection.execute(EVENT, {**call, **about})


def _said(config: Row) -> Response:
    response = VoiceResponse()
    language = config["language"]
    response.say(config["busy_message"], voice="Polly.Joanna-Neural", language=language)
    response.hangup()
    return Response(str(response), media_type="application/xml")


def _connect(call: Row, bridge: Row, password: str) -> Response:
    response = VoiceResponse()
    dial = response.dial(
        answer_on_bridge=True,
        timeout=25,
        time_limit=call["raw_config"]["max_call_seconds"] + 120,
        action=f"{BASE}/api/v1/voice/twilio/dial-done",
        refer_url=f"{BASE}/api/v1/voice/twilio/refer",
    )
    dial.sip(
        f"sip:{call['room']}@127.0.0.1:5060;transport=udp?X-Call-Id={call['id']}",
        username=bridge["username"],
        password=password,
        status_callback=f"{BASE}/api/v1/voice/twilio/status",
        status_callback_event="initiated ringing answered completed",
    )
    return Response(str(response), media_type="application/xml")


async def healthz(request: Request) -> Response:
    """Ready."""
    return Response("ok")


app = Starlette(
    routes=[
        Route(PATH, incoming, methods=["POST"]),
        Route("/healthz", healthz),
    ],
    lifespan=lifespan,
)
