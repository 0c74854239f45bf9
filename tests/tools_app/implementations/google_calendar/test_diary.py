"""Free times of a calendar across the days on which clocks change."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from tests.standins.google.calendar import GoogleCalendar
from tests.tools_app.implementations.google_calendar.conftest import Open, Salon
from tools_app.errors import ToolError

DAILY = dict.fromkeys(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    "00:00-24:00",
)


async def slots(salon: Salon, **asked: Any) -> list[dict[str, str]]:
    """The times that are offered."""
    found: list[dict[str, str]] = (await salon("find_next_slots", **asked))["free"]
    return found


@time_machine.travel("2031-03-29T22:30:00Z")
async def test_hour_that_summer_time_skips_is_not_offered(open_salon: Open) -> None:
    async with open_salon(**DAILY, slot_minutes=60) as salon:
        found = await slots(salon, after="2031-03-30", count=4)
    assert [s["time"] for s in found] == ["00:00", "01:00", "03:00", "04:00"]


@time_machine.travel("2030-10-26T20:00:00Z")
async def test_hour_that_winter_time_repeats_is_offered_twice(open_salon: Open) -> None:
    async with open_salon(**DAILY, slot_minutes=60) as salon:
        found = await slots(salon, after="2030-10-27", count=5)
    assert [s["time"] for s in found] == ["00:00", "01:00", "02:00", "02:00", "03:00"]


@time_machine.travel("2031-03-29T09:00:00Z")
async def test_appointment_over_the_change_keeps_its_length(
    open_salon: Open, google: GoogleCalendar
) -> None:
    night = {"date": "2031-03-30", "time": "01:30", "duration_minutes": 60}
    async with open_salon(**DAILY) as salon:
        answer = await salon("create_event", **night, title="Tour", name="Ada")
    [event] = google.calendar.standing
    assert answer["booked"] == "Sunday 30 March, 01:30 to 03:30"
    assert google.calendar.end(event) - google.calendar.begin(event) == timedelta(
        hours=1
    )


@time_machine.travel("2031-03-29T09:00:00Z")
async def test_appointment_in_the_skipped_hour_is_refused(open_salon: Open) -> None:
    async with open_salon(**DAILY) as salon:
        with pytest.raises(ToolError, match="There is no 02:30"):
            await salon("check_availability", date="2031-03-30", time="02:30")


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "UTC"])
async def test_offered_times_can_all_be_booked(
    open_salon: Open, google: GoogleCalendar, zone: str
) -> None:
    google.put("2030-11-25T10:20", 47)
    async with open_salon(time_zone=zone, buffer_minutes=10) as salon:
        for slot in await slots(salon, count=5):
            when = {"date": slot["date"], "time": slot["time"]}
            answer = await salon("check_availability", **when)
            assert answer == {"is_free": True, "time": slot["say"]}


async def test_booking_every_offer_overlaps_nothing(
    open_salon: Open, google: GoogleCalendar
) -> None:
    who = {"title": "Visit", "name": "Ada"}
    async with open_salon(buffer_minutes=5) as salon:
        for _ in range(6):
            [slot] = await slots(salon, count=1)
            when = {"date": slot["date"], "time": slot["time"]}
            assert (await salon("create_event", **when, **who))["booked"]
    for earlier, later in pairwise(google.calendar.standing):
        pause = google.calendar.begin(later) - google.calendar.end(earlier)
        assert pause >= timedelta(minutes=5)


async def test_time_that_is_over_is_not_offered(salon: Salon) -> None:
    with time_machine.travel("2030-11-26T09:31:00Z"):
        [first, *_] = await slots(salon)
        assert first["say"] == "Tuesday 26 November, 11:00"


async def test_slots_end_where_appointments_do(open_salon: Open) -> None:
    async with open_salon(max_days_ahead=3, slot_minutes=480) as salon:
        found = await slots(salon, count=5)
    assert [s["say"] for s in found] == [
        "Monday 25 November, 09:00",
        "Tuesday 26 November, 09:00",
    ]


async def test_far_slots_are_found_in_a_few_requests(
    open_salon: Open, google: GoogleCalendar
) -> None:
    google.put("2030-11-23T00:00", 200 * 24 * 60)
    async with open_salon(max_days_ahead=365) as salon:
        [slot] = await slots(salon, count=1)
    asked = [a for a in google.asked if a.path.endswith("freeBusy")]
    assert slot["date"] == "2031-06-11"
    assert len(asked) <= 16


@pytest.mark.parametrize("days", [13, 14, 15, 28, 29])
async def test_no_day_is_passed_over(
    open_salon: Open, google: GoogleCalendar, days: int
) -> None:
    google.put("2030-11-23T00:00", days * 24 * 60)
    hours = dict.fromkeys(DAILY, "00:00-23:00")
    async with open_salon(**hours) as salon:
        [slot] = await slots(salon, count=1)
    assert slot["date"] == str(date(2030, 11, 23) + timedelta(days=days))


async def test_night_hours_belong_to_the_evening_before(open_salon: Open) -> None:
    async with open_salon(friday="22:00-02:00") as salon:
        when = {"date": "2030-11-30", "time": "01:00"}
        assert (await salon("check_availability", **when))["is_free"] is True
        late = {"date": "2030-11-30", "time": "02:00"}
        assert (await salon("check_availability", **late))["is_free"] is False


async def test_day_after_an_open_night_begins_at_midnight(
    open_salon: Open, google: GoogleCalendar
) -> None:
    google.put("2030-11-26T12:00", 60)
    async with open_salon(**DAILY | {"monday": "18:00-24:00"}) as salon:
        answer = await salon("check_availability", date="2030-11-26")
    assert answer["free_between"] == ["00:00 and 12:00", "13:00 and 00:00"]


async def test_appointment_may_last_over_an_open_midnight(open_salon: Open) -> None:
    when = {"date": "2030-11-26", "time": "23:45"}
    async with open_salon(**DAILY) as salon:
        assert (await salon("check_availability", **when))["is_free"] is True
