"""What the model can do in a calendar, against the real protocol."""

import asyncio
import json

import pytest

from tests.standins import google_errors
from tests.standins.google_calendar import GoogleCalendar
from tests.tools_app.implementations.conftest import CallOf
from tests.tools_app.implementations.google_calendar.conftest import (
    BOOKING,
    TUESDAY,
    Open,
    Salon,
)
from tools_app.declarations import declare
from tools_app.errors import ToolError


async def book(salon: Salon, **other: object) -> dict[str, object]:
    """What Ada is told when she books."""
    answer: dict[str, object] = await salon("create_event", **BOOKING | other)
    return answer


async def test_booking_is_in_the_calendar_and_said(
    salon: Salon, google: GoogleCalendar
) -> None:
    answer = await book(salon)
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
    await book(salon, email="ada@example.com", notes="first visit")
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
    assert await book(salon) == await book(salon)
    assert len(google.calendar.standing) == 1


async def test_booking_whose_answer_was_lost_is_one_event(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.fail(google_errors.backend_error(), after=True, path="/events")
    answer = await book(salon)
    assert answer["event_id"] == google.calendar.standing[0]["id"]
    assert len(google.calendar.events) == 1


async def test_taken_time_is_not_booked_and_others_are_offered(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T15:00")
    answer = await book(salon)
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
        answers = await asyncio.gather(book(one, name="Ada"), book(two, name="Bob"))
    booked = [a for a in answers if a["booked"]]
    assert len(google.calendar.standing) == len(booked) <= 1


async def test_booking_gives_way_to_one_made_just_before(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T15:00", created="2030-11-23T09:07:00.000Z")
    free = {"calendars": {google.calendar.id: {"busy": []}}}
    google.fail(google_errors.as_json(free), path="freeBusy")
    assert (await book(salon))["booked"] is False
    assert [e["summary"] for e in google.calendar.standing] == ["Somebody"]


async def test_cancelled_and_booked_again_is_booked(
    salon: Salon, google: GoogleCalendar
) -> None:
    first = await book(salon)
    await salon("delete_event", event_id=first["event_id"])
    again = await book(salon)
    assert again["booked"] == "Tuesday 26 November, 15:00 to 15:30"
    assert len(google.calendar.standing) == 1


async def test_moved_away_and_booked_again_are_two(
    salon: Salon, google: GoogleCalendar
) -> None:
    first = await book(salon)
    await salon("update_event", event_id=first["event_id"], time="10:00")
    await book(salon)
    assert len(google.calendar.standing) == 2


async def test_time_outside_the_opening_hours_is_refused_with_them(
    salon: Salon, google: GoogleCalendar
) -> None:
    late = await book(salon, time="16:45")
    sunday = await book(salon, date="2030-11-24")
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
        await book(salon, **wrong)
    assert words in caught.value.words
    assert google.calendar.standing == []


async def test_buffer_is_kept_around_events(
    open_salon: Open, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T14:00")
    near = {"date": TUESDAY, "time": "14:30"}
    async with open_salon(buffer_minutes=15) as salon:
        assert (await salon("check_availability", **near))["is_free"] is False
        assert (await book(salon, time="14:30"))["booked"] is False
        assert (await book(salon, time="14:45"))["booked"]


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
    assert (await book(salon))["booked"]


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


async def test_caller_hears_of_own_appointments_only(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T10:00", summary="Beard (Émile Zola)")
    google.put(f"{TUESDAY}T11:00", summary="Colour (Marie Curie)")
    answer = await salon("list_events", name="emile zola")
    assert [event["title"] for event in answer["events"]] == ["Beard (Émile Zola)"]


async def test_number_that_booked_needs_no_name(
    open_salon: Open, call_of: CallOf, google: GoogleCalendar
) -> None:
    async with open_salon(call_of("+491")) as earlier:
        await book(earlier)
    async with open_salon(call_of("+491")) as later, open_salon(call_of("")) as other:
        assert len((await later("list_events"))["events"]) == 1
        with pytest.raises(ToolError, match="under which name"):
            await other("list_events")


async def test_agent_of_the_staff_hears_of_all(
    open_salon: Open, google: GoogleCalendar
) -> None:
    google.put(f"{TUESDAY}T10:00")
    google.put("2030-11-27T10:00")
    async with open_salon(access="all") as salon:
        assert len((await salon("list_events"))["events"]) == 2
        answer = await salon("list_events", date=TUESDAY)
    assert [e["when"] for e in answer["events"]] == [
        "Tuesday 26 November, 10:00 to 10:30"
    ]


async def test_long_list_is_cut_and_says_so(
    open_salon: Open, google: GoogleCalendar
) -> None:
    for hour in range(12):
        google.put(f"{TUESDAY}T{hour:02}:00")
    async with open_salon(access="all") as salon:
        answer = await salon("list_events")
    assert len(answer["events"]) == 10
    assert answer["more"] == "Ask for a day: there are more."


def test_what_changes_the_calendar_comes_to_its_end(salon: Salon) -> None:
    marked = {spec.name for spec in salon.tool.specs if spec.is_side_effect}
    assert marked == {"create_event", "update_event", "delete_event"}


async def test_moving_keeps_length_and_name(
    salon: Salon, google: GoogleCalendar
) -> None:
    event_id = (await book(salon, duration_minutes=60))["event_id"]
    answer = await salon("update_event", event_id=event_id, date="2030-11-27")
    assert answer["moved_to"] == "Wednesday 27 November, 15:00 to 16:00"
    assert google.calendar.standing[0]["summary"] == "Haircut (Ada Lovelace)"


async def test_moving_by_less_than_its_length_is_not_in_its_own_way(
    salon: Salon,
) -> None:
    event_id = (await book(salon, duration_minutes=60))["event_id"]
    answer = await salon("update_event", event_id=event_id, time="15:30")
    assert answer["moved_to"] == "Tuesday 26 November, 15:30 to 16:30"


async def test_moving_to_a_taken_time_changes_nothing(
    salon: Salon, google: GoogleCalendar
) -> None:
    event_id = (await book(salon))["event_id"]
    google.put(f"{TUESDAY}T10:00")
    answer = await salon("update_event", event_id=event_id, time="10:00")
    assert (answer["moved"], answer["why"]) == (False, "That time is taken.")
    kept = google.calendar.event(str(event_id))
    assert kept["start"]["dateTime"] == "2030-11-26T15:00:00+01:00"


async def test_change_beside_somebody_elses_is_refused(
    salon: Salon, google: GoogleCalendar
) -> None:
    event_id = str((await book(salon))["event_id"])
    google.fail(method="PATCH", seconds=0.3)
    change = asyncio.create_task(
        salon("update_event", event_id=event_id, title="Beard")
    )
    while google.asked[-1].method != "PATCH":
        await asyncio.sleep(0.01)
    google.calendar.change(event_id, {"summary": "Colour"}, None)
    with pytest.raises(ToolError, match="changed by somebody else") as caught:
        await change
    assert caught.value.may_retry
    assert google.calendar.event(event_id)["summary"] == "Colour"


async def test_moving_gives_way_to_a_booking_made_meanwhile(
    salon: Salon, google: GoogleCalendar
) -> None:
    event_id = str((await book(salon))["event_id"])
    google.fail(method="PATCH", seconds=0.3)
    move = asyncio.create_task(salon("update_event", event_id=event_id, time="10:00"))
    while google.asked[-1].method != "PATCH":
        await asyncio.sleep(0.01)
    google.put(f"{TUESDAY}T10:00")
    assert (await move)["moved"] is False
    kept = google.calendar.event(event_id)
    assert kept["start"]["dateTime"] == "2030-11-26T15:00:00+01:00"


def test_model_is_told_what_day_it_is(salon: Salon) -> None:
    specs = {spec.name: declare(spec) for spec in salon.tool.specs}
    day = specs["create_event"]["parameters"]["properties"]["date"]
    assert day["description"].endswith("It is Saturday 23 November 2030, 10:08.")


async def test_only_appointments_that_were_told_can_be_changed(
    salon: Salon, google: GoogleCalendar
) -> None:
    event = google.put(f"{TUESDAY}T10:00", summary="Beard (Zola)")
    with pytest.raises(ToolError, match="find it with list_events") as caught:
        await salon("delete_event", event_id=event["id"])
    assert caught.value.may_retry
    await salon("list_events", name="Zola")
    answer = await salon("delete_event", event_id=event["id"])
    assert answer == {"cancelled": "Tuesday 26 November, 10:00 to 10:30"}
    assert google.calendar.standing == []


async def test_cancelling_twice_says_so(salon: Salon) -> None:
    event_id = (await book(salon))["event_id"]
    await salon("delete_event", event_id=event_id)
    with pytest.raises(ToolError, match="cancelled already"):
        await salon("delete_event", event_id=event_id)


async def test_appointment_that_is_over_stays_as_it_is(
    open_salon: Open, google: GoogleCalendar
) -> None:
    event = google.put("2030-11-22T10:00")
    async with open_salon(access="all") as salon:
        with pytest.raises(ToolError, match="over"):
            await salon("update_event", event_id=event["id"], title="Other")


async def test_its_test_tells_the_calendar_and_what_may_be_done(
    salon: Salon, google: GoogleCalendar
) -> None:
    assert await salon.tool.test(salon.context) == {
        "calendar": "Salon",
        "may": "read and change events",
        "taken_until_tomorrow": 0,
    }
    changing = [a for a in google.asked if "/events" in a.path and a.method != "GET"]
    assert changing == []


async def test_its_test_says_when_the_calendar_is_read_only(
    salon: Salon, google: GoogleCalendar
) -> None:
    google.calendar.role = "reader"
    with pytest.raises(ToolError) as caught:
        await salon.tool.test(salon.context)
    assert "right to make changes" in caught.value.detail


async def test_its_test_says_when_time_zones_differ(open_salon: Open) -> None:
    async with open_salon(time_zone="America/New_York") as salon:
        answer = await salon.tool.test(salon.context)
    assert "Europe/Berlin" in json.dumps(answer)
