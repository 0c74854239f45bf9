"""The tool itself: what the model can do in a calendar."""

import datetime as dt
from typing import Any
from uuid import uuid4

import httpx2

from tools_app.base import (
    BaseTool,
    CallContext,
    RunContext,
    ToolError,
    ToolMetadata,
    side_effect,
)
from tools_app.http import open_client
from tools_app.implementations.google_calendar import parameters as p
from tools_app.implementations.google_calendar.answers import booked, listed, offered
from tools_app.implementations.google_calendar.api import CalendarApi
from tools_app.implementations.google_calendar.config import (
    CalendarConfig,
    CalendarSecrets,
)
from tools_app.implementations.google_calendar.desk import TAKEN, Desk
from tools_app.implementations.google_calendar.diary import Diary
from tools_app.implementations.google_calendar.events import Event, event_body
from tools_app.implementations.google_calendar.failures import NO_CALENDAR, refuse
from tools_app.implementations.google_calendar.service_account import (
    ServiceAccount,
    ServiceAccountTokens,
)
from tools_app.implementations.google_calendar.spans import Span
from tools_app.implementations.google_calendar.spoken import spoken_now
from tools_app.specs import FunctionSpec

Context = RunContext[CallContext]
Answer = dict[str, Any]

MOST_LISTED = 10
NO_SUCH = "There is no such appointment: find it with list_events."


class GoogleCalendarTool(BaseTool):
    """Appointments in one calendar, as one call sees them."""

    Config = CalendarConfig
    SensitiveConfig = CalendarSecrets
    metadata = ToolMetadata(
        name="Google Calendar",
        description="Finds free times in a Google calendar, books, moves and cancels "
        "appointments.",
        requires_auth=True,
        auth_type="service_account",
    )
    _client: httpx2.AsyncClient | None = None

    async def setup(self) -> None:
        """Open the way to Google; the token comes with the first request."""
        account = ServiceAccount.read(self.secrets.service_account_key)
        if account is None:
            raise ToolError(NO_CALENDAR, detail="The service account's key is no JSON.")
        self._client = open_client()
        self._client.event_hooks = {"response": [refuse]}
        tokens = ServiceAccountTokens(self._client, account)
        self._zone = self.config.zone
        self._api = CalendarApi(self._client, tokens, self.config.calendar_id)
        self._diary = Diary(self._api, self.config)
        self._desk = Desk(self.config, self._diary)
        # The events that this call was told of: it may change no others.
        self._told: set[str] = set()

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client:
            await self._client.aclose()

    def told(self, spec: FunctionSpec) -> FunctionSpec:
        """With what day it is."""
        return p.with_today(spec, spoken_now(self.config.zone))

    async def test_tool(self, context: Context) -> object:
        """Look into the calendar, and at what this key may do in it."""
        calendar = await self._api.calendar()
        now = dt.datetime.now(dt.UTC)
        tomorrow = Span(now, now + dt.timedelta(days=1))
        role = await self._api.access_role(tomorrow)
        if role not in ("owner", "writer"):
            raise ToolError(
                "The calendar can be read, but not changed.",
                detail="Share it with the service account's address with the right to "
                "make changes to events.",
            )
        answer = {"calendar": calendar.summary, "may": "read and change events"}
        if calendar.time_zone != self.config.time_zone:
            answer["note"] = (
                f"The calendar is set to {calendar.time_zone}, this tool to "
                f"{self.config.time_zone}: callers hear the latter."
            )
        return {**answer, "taken_until_tomorrow": len(await self._api.busy(tomorrow))}

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
