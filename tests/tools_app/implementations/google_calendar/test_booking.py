"""New appointments in a calendar, against the real protocol."""

import asyncio

import pytest

from tests.standins.google import errors as google_errors
from tests.standins.google.calendar import GoogleCalendar
from tests.tools_app.implementations.conftest import CallOf
from tests.tools_app.implementations.google_calendar.conftest import (
    TUESDAY,
    Open,
    Salon,
)
from tools_app.errors import ToolError


async def test_booking_is_in_the_calendar_and_said(
    salon: Salon, google: GoogleCalendar
) -> None:
    answer = await salon.book()
    [event] = google.calendar.standing
    assert answer["booked"] == "Tuesday 26 November, 15:00 to 15:30"
    assert event["summary"] == "Haircut (Ada Lovelace)"
    assert event["start"] == {
        "dateTime": "2030-11-26T15:00:00+01:00",
        "timeZone": "Europe/Berlin",
    }


async def test_booking_says_how_to_reach_the_caller(
    salon: Salon, google: GoogleCalendar
) -> None:
    await salon.book(email="ada@example.com", notes="first visit")
    [event] = google.calendar.standing
    assert event["description"].splitlines() == [
        "Name: Ada Lovelace",
        "Phone: +4930123456",
        "Email: ada@example.com",
        "Notes: first visit",
        "Booked on the phone by Ava.",
    ]


async def test_same_booking_twice_is_one_event(
    salon: Salon, google: GoogleCalendar
) -> None:
    assert await salon.book() == await salon.book()
    assert len(google.calendar.standing) == 1


async def test_booking_whose_answer_was_lost_is_one_event(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.fail(google_errors.backend_error(), after=True, path="/events")
    answer = await salon.book()
    assert answer["event_id"] == google.calendar.standing[0]["id"]
    assert len(google.calendar.events) == 1


async def test_taken_time_is_not_booked_and_others_are_offered(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T15:00")
    answer = await salon.book()
    assert (answer["booked"], answer["why"]) == (False, "That time is taken.")
    assert answer["free_instead"][0] == {  # type: ignore[index]
        "say": "Tuesday 26 November, 14:00",
        "date": TUESDAY,
        "time": "14:00",
    }
    assert len(google.calendar.standing) == 1


async def test_two_callers_at_once_get_one_time_once(
    open_salon: Open, call_of: CallOf, google: GoogleCalendar
) -> None:
    google.fail(path="freeBusy", seconds=0.2, times=2)
    async with open_salon(call_of("+491")) as one, open_salon(call_of("+492")) as two:
        answers = await asyncio.gather(one.book(name="Ada"), two.book(name="Bob"))
    booked = [a for a in answers if a["booked"]]
    assert len(google.calendar.standing) == len(booked) <= 1


async def test_booking_gives_way_to_one_made_just_before(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T15:00", created="2030-11-23T09:07:00.000Z")
    free = {"calendars": {google.calendar.id: {"busy": []}}}
    google.fail(google_errors.as_json(free), path="freeBusy")
    assert (await salon.book())["booked"] is False
    assert [e["summary"] for e in google.calendar.standing] == ["Somebody"]


async def test_cancelled_and_booked_again_is_booked(
    salon: Salon, google: GoogleCalendar
) -> None:
    first = await salon.book()
    await salon("delete_event", event_id=first["event_id"])
    again = await salon.book()
    assert again["booked"] == "Tuesday 26 November, 15:00 to 15:30"
    assert len(google.calendar.standing) == 1


async def test_moved_away_and_booked_again_are_two(
    salon: Salon, google: GoogleCalendar
) -> None:
    first = await salon.book()
    await salon("update_event", event_id=first["event_id"], time="10:00")
    await salon.book()
    assert len(google.calendar.standing) == 2


async def test_time_outside_the_opening_hours_is_refused_with_them(
    salon: Salon, google: GoogleCalendar
) -> None:
    late = await salon.book(time="16:45")
    sunday = await salon.book(date="2030-11-24")
    assert "on Tuesday it is open from 09:00 to 17:00" in str(late["why"])
    assert "on Sunday it is closed" in str(sunday["why"])
    assert google.calendar.standing == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"date": "2030-11-22"}, "That time is over. It is Saturday 23 November 2030"),
        ({"date": "2031-06-03"}, "next 60 days only"),
        ({"date": "26.11."}, "Write the date like 2030-11-23. It is Saturday"),
        ({"date": "2030-02-30"}, "There is no such day"),
        ({"time": "quarter past"}, "24-hour clock, like 15:00"),
        ({"duration_minutes": 2}, "duration_minutes should be greater"),
        ({"name": ""}, "name: String should have at least 1"),
    ],
)
async def test_what_cannot_be_booked_is_said(
    salon: Salon, google: GoogleCalendar, wrong: dict[str, object], words: str
) -> None:
    with pytest.raises(ToolError) as caught:
        await salon.book(**wrong)
    assert words in caught.value.words
    assert google.calendar.standing == []


async def test_buffer_is_kept_around_events(
    open_salon: Open, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T14:00")
    near = {"date": TUESDAY, "time": "14:30"}
    async with open_salon(buffer_minutes=15) as salon:
        assert (await salon("check_availability", **near))["is_free"] is False
        assert (await salon.book(time="14:30"))["booked"] is False
        assert (await salon.book(time="14:45"))["booked"]


async def test_day_without_a_time_tells_what_is_free(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T10:00", 60)
    google.put(f"{TUESDAY}T11:00", 15)
    answer = await salon("check_availability", date=TUESDAY)
    assert answer == {
        "day": "Tuesday 26 November",
        "free_between": ["09:00 and 10:00", "11:15 and 17:00"],
    }


async def test_all_day_event_takes_the_day(
    salon: Salon, google: GoogleCalendar
) -> None:
    days = {"start": {"date": TUESDAY}, "end": {"date": "2030-11-27"}}
    google.calendar.insert({"summary": "Holiday", **days})
    answer = await salon("check_availability", date=TUESDAY)
    assert answer["free_between"] == "nothing is free"


async def test_free_event_takes_no_time(salon: Salon, google: GoogleCalendar) -> None:
    google.put(f"{TUESDAY}T15:00", transparency="transparent")
    assert (await salon.book())["booked"]


async def test_day_that_is_over_has_no_free_time(salon: Salon) -> None:
    with pytest.raises(ToolError, match="That day is over. "):
        await salon("check_availability", date="2030-11-22")


async def test_free_time_is_told_with_its_day(salon: Salon) -> None:
    answer = await salon("check_availability", date=TUESDAY, time="3 pm")
    assert answer == {"is_free": True, "time": "Tuesday 26 November, 15:00"}


async def test_next_slots_pass_over_nights_weekends_and_events(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.put("2030-11-25T09:00", 7 * 60)
    answer = await salon("find_next_slots")
    assert [slot["say"] for slot in answer["free"]] == [
        "Monday 25 November, 16:00",
        "Monday 25 November, 16:30",
        "Tuesday 26 November, 09:00",
    ]


async def test_next_slots_begin_when_asked_and_at_the_time_of_day(
    salon: Salon,
) -> None:
    wish = {"after": "2030-11-28", "part_of_day": "afternoon", "count": 1}
    [slot] = (await salon("find_next_slots", **wish))["free"]
    assert slot["say"] == "Thursday 28 November, 12:00"


async def test_full_calendar_has_no_slots(salon: Salon, google: GoogleCalendar) -> None:
    google.put("2030-11-23T00:00", 100 * 24 * 60)
    answer = await salon("find_next_slots")
    assert answer == {"free": "nothing is free in the next 60 days"}
