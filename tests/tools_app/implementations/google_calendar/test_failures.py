"""What callers and staff hear when Google does not do its part."""

import pytest
from pytest_django import Settings
from werkzeug import Response

from tests.standins.google import errors as google_errors
from tests.standins.google.calendar import CALENDAR_ID, GoogleCalendar
from tests.tools_app.implementations.google_calendar.conftest import (
    BOOKING,
    TUESDAY,
    Open,
    Salon,
)
from tools_app.errors import ToolError


async def failure(salon: Salon, function: str = "check_availability") -> ToolError:
    """Why a function failed."""
    arguments = BOOKING if function == "create_event" else {"date": TUESDAY}
    with pytest.raises(ToolError) as caught:
        await salon(function, **arguments)
    return caught.value


def many(google: GoogleCalendar, response: Response) -> None:
    """Let every request to the calendar fail so."""
    google.fail(response, path="/calendar/", times=9)


@pytest.mark.parametrize(
    ("response", "words", "hint", "may_retry"),
    [
        (google_errors.rate_limited(), "too busy", "limit of requests", True),
        (google_errors.backend_error(), "does not answer", "failed by itself", True),
        (google_errors.not_enabled(), "cannot be opened", "enable the Google", False),
        (google_errors.unauthorized(), "cannot be opened", "set the key anew", False),
        (Response("<html>", 502), "does not answer", "failed by itself", True),
        (Response("<html>", 200), "cannot be opened", "not Google Calendar", False),
    ],
)
async def test_failure_is_said_and_explained(
    salon: Salon,
    google: GoogleCalendar,
    response: Response,
    words: str,
    hint: str,
    may_retry: bool,
) -> None:
    many(google, response)
    error = await failure(salon)
    assert words in error.words
    assert hint in error.detail
    assert error.may_retry is may_retry


async def test_fault_that_passes_is_not_heard(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.fail(google_errors.rate_limited(), path="freeBusy")
    answer = await salon("check_availability", date=TUESDAY, time="15:00")
    assert answer["is_free"] is True


async def test_calendar_that_is_not_shared_is_not_taken_for_free(
    open_salon: Open,
) -> None:
    async with open_salon(calendar_id="other@example.com") as salon:
        error = await failure(salon)
    assert "share the calendar" in error.detail


async def test_calendar_shared_for_reading_takes_no_booking(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.calendar.role = "reader"
    error = await failure(salon, "create_event")
    assert "right to make changes" in error.detail


async def test_booking_stands_when_looking_again_fails(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.fail(google_errors.not_enabled(), path="/events", method="GET")
    assert (await salon("create_event", **BOOKING))["booked"]
    assert len(google.calendar.standing) == 1


async def test_calendar_that_hangs_is_left_in_time(
    salon: Salon, google: GoogleCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "tools_app.implementations.google_calendar.api"
    monkeypatch.setattr(f"{module}.DEADLINE_SECONDS", 0.3)
    google.fail(path="freeBusy", seconds=1)
    assert "took too long" in (await failure(salon)).words


async def test_calendar_that_is_away_is_said(salon: Salon, settings: Settings) -> None:
    settings.GOOGLE_CALENDAR_URL = "http://127.0.0.1:9/calendar/v3"
    settings.TOOLS_MAY_REACH = [*settings.TOOLS_MAY_REACH, ("127.0.0.1", 9)]
    assert "cannot be reached" in (await failure(salon)).words


async def test_secrets_and_names_stay_out_of_failures(
    salon: Salon, google: GoogleCalendar
) -> None:
    many(google, google_errors.error(403, "forbidden", f"{CALENDAR_ID} ya29.secret"))
    error = await failure(salon)
    said = error.words + error.detail + repr(error)
    assert "ya29" not in said
    assert CALENDAR_ID not in said
