"""Tokens for a service account, from a token endpoint that checks the signature."""

import base64
import json
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.standins.google import errors as google_errors
from tests.standins.google.calendar import GoogleCalendar
from tests.standins.google.token import EMAIL, key_file
from tests.standins.serving import Asked, as_json
from tests.tools_app.implementations.conftest import Context
from tests.tools_app.implementations.google_calendar.conftest import (
    CONFIG,
    TUESDAY,
    Salon,
)
from tools_app.code_tools.tool import CodeTool
from tools_app.errors import ToolError
from tools_app.implementations.google_calendar.tool import GoogleCalendarTool


def tokens_asked(google: GoogleCalendar) -> list[Asked]:
    return [asked for asked in google.asked if asked.path == "/token"]


async def look(salon: Salon) -> None:
    await salon("check_availability", date=TUESDAY)


async def with_key(key: str, call: Context) -> ToolError:
    """Why this key does not open the calendar."""
    tool = CodeTool(GoogleCalendarTool, CONFIG, {"service_account_key": key})
    await tool.setup()
    with pytest.raises(ToolError) as caught:
        await Salon(tool, call)("check_availability", date=TUESDAY)
    await tool.aclose()
    return caught.value


async def test_one_token_serves_a_call(salon: Salon, google: GoogleCalendar) -> None:
    await look(salon)
    await look(salon)
    assert len(tokens_asked(google)) == 1


async def test_token_that_was_revoked_is_renewed(
    salon: Salon, google: GoogleCalendar
) -> None:
    await look(salon)
    google.tokens.revoke()
    await look(salon)
    assert len(tokens_asked(google)) == 2


async def test_token_is_renewed_before_its_end(
    salon: Salon, google: GoogleCalendar
) -> None:
    short = {"access_token": "ya29.short", "expires_in": 59, "token_type": "Bearer"}
    google.tokens.good.add("ya29.short")
    google.fail(as_json(short), path="/token")
    await look(salon)
    await look(salon)
    assert len(tokens_asked(google)) == 2


async def test_calendar_that_refuses_every_token_is_asked_twice_only(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.fail(google_errors.unauthorized(), path="/calendar/", times=9)
    with pytest.raises(ToolError, match="cannot be opened"):
        await look(salon)
    assert len(google.asked) == 4


async def test_key_of_another_account_is_refused(
    google: GoogleCalendar, call: Context
) -> None:
    key = json.loads(google.key) | {"client_email": "nobody@example.com"}
    error = await with_key(json.dumps(key), call)
    assert "Make a new key and paste it" in error.detail


async def test_signature_of_another_key_is_refused(
    google: GoogleCalendar, call: Context
) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    key = json.loads(google.key) | {"private_key": other.private_bytes(*form).decode()}
    error = await with_key(json.dumps(key), call)
    assert "400 invalid_grant" in error.detail


async def test_damaged_key_is_named_and_not_shown(
    google: GoogleCalendar, call: Context
) -> None:
    key = json.loads(google.key)
    damaged = key | {"private_key": key["private_key"].replace("M", "N")}
    error = await with_key(json.dumps(damaged), call)
    assert "damaged: paste the JSON file anew" in error.detail
    assert "PRIVATE KEY" not in error.detail + repr(error.__context__)


async def test_clock_that_is_wrong_is_a_cause_to_look_at(
    google: GoogleCalendar, call: Context
) -> None:
    google.fail(as_json({"error": "invalid_grant"}, 400), path="/token", times=2)
    assert "clock is wrong" in (await with_key(google.key, call)).detail


async def test_token_is_not_asked_of_private_addresses(
    google: GoogleCalendar, call: Context
) -> None:
    error = await with_key(key_file("http://169.254.169.254/token"), call)
    assert "private address" in error.detail


async def test_endpoint_that_gives_no_token_is_named(
    google: GoogleCalendar, call: Context
) -> None:
    google.fail(as_json({"hello": 1}), path="/token")
    assert "is token_uri right?" in (await with_key(google.key, call)).detail


async def test_assertion_is_for_the_calendar_alone(
    salon: Salon, google: GoogleCalendar
) -> None:
    await look(salon)
    assertion = parse_qs(tokens_asked(google)[0].body)["assertion"][0]
    claims = json.loads(base64.urlsafe_b64decode(assertion.split(".")[1] + "=="))
    assert claims["iss"] == EMAIL
    assert claims["scope"] == "https://www.googleapis.com/auth/calendar"
