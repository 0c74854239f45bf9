"""The tool itself: new appointments, and with them those that there are."""

import datetime as dt

from tools_app.base import CallContext, ToolError, ToolMetadata, side_effect
from tools_app.implementations.google_calendar import parameters as p
from tools_app.implementations.google_calendar.answers import booked, listed
from tools_app.implementations.google_calendar.booking import _Booking
from tools_app.implementations.google_calendar.connection import Answer, Context
from tools_app.implementations.google_calendar.desk import TAKEN
from tools_app.implementations.google_calendar.events import Event

MOST_LISTED = 10
NO_SUCH = "There is no such appointment: find it with list_events."


class GoogleCalendarTool(_Booking):
    """Appointments in one calendar, as one call sees them."""

    metadata = ToolMetadata(
        name="Google Calendar",
        description="Finds free times in a Google calendar, books, moves and cancels "
        "appointments.",
        requires_auth=True,
        auth_type="service_account",
    )

    async def list_events(
        self, context: Context, name: p.KnownName = None, date: p.OnlyDay = None
    ) -> Answer:
        """List the caller's appointments, to tell, move or cancel one.

        Ask for the name first. It gives the event_id that update_event and
        delete_event need; do not read it out.
        """
        period = self._desk.period(date)
        events = [e for e in await self._api.events(period) if e.is_there]
        if self.config.access == "own" or name:
            caller = context.userdata.caller if self.config.access == "own" else ""
            events = [e for e in events if e.is_of(name or "", caller)]
        if not events and not name and self.config.access == "own":
            raise ToolError("Ask the caller under which name the appointment is.")
        shown = events[:MOST_LISTED]
        self._told.update(event.id for event in shown)
        answer: Answer = {"events": listed(shown, self._zone) or "there are none"}
        has_more = len(events) > len(shown)
        return answer | ({"more": "Ask for a day: there are more."} if has_more else {})

    @side_effect
    async def update_event(
        self,
        context: Context,
        event_id: p.EventId,
        date: p.OtherDay = None,
        time: p.OtherClock = None,
        duration_minutes: p.Minutes = None,
        title: p.OtherTitle = None,
    ) -> Answer:
        """Move an appointment to another time, or change its length or what it is for.

        List the events first, and change one only after the caller has said yes.
        """
        event = await self._event(event_id, context.userdata)
        changes = {"summary": title} if title else {}
        if not (date or time or duration_minutes):
            if not changes:
                raise ToolError("Say what changes: day, time, length or title.")
            changed = await self._diary.change(event, changes)
            return booked("changed", changed, self._zone)
        span = self._desk.moved(event, date, time, duration_minutes)
        if closed := self._desk.closed(span):
            return await self._desk.refused("moved", closed, span)
        moved = await self._diary.move(event, span, changes)
        if moved is None:
            return await self._desk.refused("moved", TAKEN, span)
        return booked("moved_to", moved, self._zone)

    @side_effect
    async def delete_event(self, context: Context, event_id: p.EventId) -> Answer:
        """Cancel an appointment.

        List the events first, and cancel one only after the caller has said yes.
        """
        event = await self._event(event_id, context.userdata)
        await self._api.delete(event.id)
        return {"cancelled": listed([event], self._zone)[0]["when"]}

    async def _event(self, event_id: str, call: CallContext) -> Event:
        """An event that this caller may change; raises `ToolError`."""
        is_ours = self.config.access == "all" or event_id in self._told
        event = await self._api.event(event_id)
        if event is None or not (is_ours or event.is_of("", call.caller)):
            raise ToolError(NO_SUCH, may_retry=True)
        if not event.is_there:
            raise ToolError("That appointment was cancelled already.")
        if event.span(self._zone).begin <= dt.datetime.now(dt.UTC):
            raise ToolError("That appointment is over: it cannot be changed any more.")
        return event
