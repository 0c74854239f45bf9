"""New appointments: what is free, and taking it."""

from uuid import uuid4

from tools_app.base import side_effect
from tools_app.implementations.google_calendar import parameters as p
from tools_app.implementations.google_calendar.answers import booked, offered
from tools_app.implementations.google_calendar.connection import (
    Answer,
    Context,
    _OpenCalendar,
)
from tools_app.implementations.google_calendar.desk import TAKEN
from tools_app.implementations.google_calendar.events import event_body


class _Booking(_OpenCalendar):
    """The functions for callers who want an appointment."""

    async def check_availability(
        self,
        context: Context,
        date: p.Day,
        time: p.WishedClock = None,
        duration_minutes: p.Minutes = None,
    ) -> Answer:
        """Look whether a time is free, or which times of a day are.

        Use it before you offer or confirm a time that the caller wishes. Without a
        time it gives the free stretches of the day.
        """
        if time is None:
            return await self._desk.free_on(date, duration_minutes)
        span = self._desk.span(date, time, duration_minutes)
        if why := await self._desk.obstacle(span):
            return await self._desk.refused("is_free", why, span)
        return {"is_free": True, "time": offered([span.begin], self._zone)[0]["say"]}

    async def find_next_slots(
        self,
        context: Context,
        after: p.FirstDay = None,
        part_of_day: p.PartOfDay = None,
        duration_minutes: p.Minutes = None,
        count: p.Count = 3,
    ) -> Answer:
        """Find the next free times for an appointment.

        Use it when the caller has no certain wish, or when the wished time is taken.
        Offer at most two of them at once.
        """
        found = await self._desk.next_starts(
            after, part_of_day, duration_minutes, count
        )
        if found:
            return {"free": offered(found, self._zone)}
        days = self.config.max_days_ahead
        return {"free": f"nothing is free in the next {days} days"}

    @side_effect
    async def create_event(
        self,
        context: Context,
        date: p.Day,
        time: p.Clock,
        title: p.Title,
        name: p.Name,
        phone: p.Phone = None,
        email: p.Email = None,
        duration_minutes: p.Minutes = None,
        notes: p.Notes = None,
    ) -> Answer:
        """Book an appointment.

        Only after the caller has said yes to the day, the time and the name. It is
        booked when the answer says so; otherwise the answer says why not, and what is
        free instead.
        """
        span = self._desk.span(date, time, duration_minutes)
        if closed := self._desk.closed(span):
            return await self._desk.refused("booked", closed, span)
        call = context.userdata
        told = {"Phone": phone or call.caller, "Email": email, "Notes": notes}
        key = f"{call.call_id or uuid4()}|{span.begin}|{span.end}|{title}|{name}"
        body = event_body(title, name, told, call)
        event = await self._diary.book(span, body, key)
        if event is None:
            return await self._desk.refused("booked", TAKEN, span)
        self._told.add(event.id)
        return booked("booked", event, self._zone)
