"""Appointments that there are, against the real protocol."""

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
        await earlier.book()
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
    event_id = (await salon.book(duration_minutes=60))["event_id"]
    answer = await salon("update_event", event_id=event_id, date="2030-11-27")
    assert answer["moved_to"] == "Wednesday 27 November, 15:00 to 16:00"
    assert google.calendar.standing[0]["summary"] == "Haircut (Ada Lovelace)"


async def test_moving_by_less_than_its_length_is_not_in_its_own_way(
    salon: Salon,
) -> None:
    event_id = (await salon.book(duration_minutes=60))["event_id"]
    answer = await salon("update_event", event_id=event_id, time="15:30")
    assert answer["moved_to"] == "Tuesday 26 November, 15:30 to 16:30"


async def test_moving_to_a_taken_time_changes_nothing(
    salon: Salon, google: GoogleCalendar
) -> None:
    event_id = (await salon.book())["event_id"]
    google.put(f"{TUESDAY}T10:00")
    answer = await salon("update_event", event_id=event_id, time="10:00")
    assert (answer["moved"], answer["why"]) == (False, "That time is taken.")
    kept = google.calendar.event(str(event_id))
    assert kept["start"]["dateTime"] == "2030-11-26T15:00:00+01:00"


async def test_title_alone_can_be_changed(salon: Salon, google: GoogleCalendar) -> None:
    event_id = str((await salon.book())["event_id"])
    answer = await salon("update_event", event_id=event_id, title="Beard")
    assert answer["changed"] == "Tuesday 26 November, 15:00 to 15:30"
    assert google.calendar.event(event_id)["summary"] == "Beard"


async def test_change_of_nothing_is_asked_back(salon: Salon) -> None:
    event_id = (await salon.book())["event_id"]
    with pytest.raises(ToolError, match="Say what changes"):
        await salon("update_event", event_id=event_id)


async def test_moving_out_of_the_opening_hours_is_refused(salon: Salon) -> None:
    event_id = (await salon.book())["event_id"]
    answer = await salon("update_event", event_id=event_id, time="23:00")
    assert answer["moved"] is False
    assert "outside the opening hours" in answer["why"]


async def test_appointment_of_a_whole_day_is_told_and_not_moved(
    open_salon: Open, google: GoogleCalendar
) -> None:
    whole = {"start": {"date": TUESDAY}, "end": {"date": "2030-11-27"}}
    event = google.put(f"{TUESDAY}T10:00", summary="Holiday", **whole)
    async with open_salon(access="all") as salon:
        [told] = (await salon("list_events"))["events"]
        assert told["when"] == "Tuesday 26 November, all day"
        with pytest.raises(ToolError, match="only the staff can move it"):
            await salon("update_event", event_id=event["id"], time="10:00")


async def test_every_page_of_a_long_list_is_read(
    open_salon: Open, google: GoogleCalendar
) -> None:
    for _ in range(251):
        google.put(f"{TUESDAY}T10:00")
    google.put(f"{TUESDAY}T11:00", summary="Beard (Zola)")
    async with open_salon(access="all") as salon:
        [told] = (await salon("list_events", name="Zola"))["events"]
    assert told["title"] == "Beard (Zola)"


async def test_appointment_that_is_deleted_meanwhile_is_cancelled_all_the_same(
    salon: Salon, google: GoogleCalendar
) -> None:
    event_id = str((await salon.book())["event_id"])
    google.fail(google_errors.error(410, "deleted", "Gone"), method="DELETE")
    assert "cancelled" in await salon("delete_event", event_id=event_id)


async def test_change_beside_somebody_elses_is_refused(
    salon: Salon, google: GoogleCalendar
) -> None:
    event_id = str((await salon.book())["event_id"])
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
    event_id = str((await salon.book())["event_id"])
    google.fail(method="PATCH", seconds=0.3)
    move = asyncio.create_task(salon("update_event", event_id=event_id, time="10:00"))
    while google.asked[-1].method != "PATCH":
        await asyncio.sleep(0.01)
    google.put(f"{TUESDAY}T10:00")
    assert (await move)["moved"] is False
    kept = google.calendar.event(event_id)
    assert kept["start"]["dateTime"] == "2030-11-26T15:00:00+01:00"


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
    event_id = (await salon.book())["event_id"]
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
