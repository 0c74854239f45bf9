"""Google's Calendar API, version 3, for one calendar.

https://developers.google.com/workspace/calendar/api/v3/reference
"""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
from django.conf import settings
from pydantic import BaseModel, ValidationError

from tools_app.http import Answer, send
from tools_app.http_failures import HttpFailure
from tools_app.implementations.google_calendar.events import (
    Calendar,
    Event,
    EventPage,
    FreeBusy,
)
from tools_app.implementations.google_calendar.failures import (
    NO_CALENDAR,
    STATUSES,
)
from tools_app.implementations.google_calendar.service_account import TokenSource
from tools_app.implementations.google_calendar.spans import Span

DEADLINE_SECONDS = 4.0
RETRIES = 2
MOST_PAGES = 4
GONE = (404, 410)

T = TypeVar("T", bound=BaseModel)


class CalendarApi:
    """Requests to one calendar; each raises `ToolError` when it fails."""

    def __init__(
        self, client: httpx2.AsyncClient, tokens: TokenSource, calendar_id: str
    ) -> None:
        self._client = client
        self._tokens = tokens
        self._id = calendar_id
        self._calendar = f"calendars/{quote(calendar_id, safe='')}"

    async def calendar(self) -> Calendar:
        """The calendar itself."""
        return await self._get(Calendar, self._calendar)

    async def busy(self, span: Span) -> list[Span]:
        """What is taken of a stretch of time."""
        body = {**_bounds(span), "items": [{"id": self._id}]}
        answer = await self._ask("POST", "freeBusy", repeatable=True, json=body)
        found = _read(FreeBusy, answer).calendars.get(self._id)
        if found is None or found.errors:
            reason = found.errors[0].reason if found else "notFound"
            raise HttpFailure(
                NO_CALENDAR, detail=f"Google answers {reason}: {STATUSES[404][1]}."
            )
        return [busy.span for busy in found.busy]

    async def events(self, span: Span) -> list[Event]:
        """The events that touch a stretch of time, in order; repeated ones apart."""
        found: list[Event] = []
        query = {
            **_bounds(span),
            "singleEvents": "true",
            "orderBy": "startTime",
            "maxResults": "250",
        }
        for _ in range(MOST_PAGES):
            page = await self._get(EventPage, f"{self._calendar}/events", query)
            found += page.items
            if not page.next_page_token:
                break
            query["pageToken"] = page.next_page_token
        return found

    async def access_role(self, span: Span) -> str:
        """What this key may do: `owner`, `writer`, `reader` or `freeBusyReader`."""
        query = {**_bounds(span), "maxResults": "1"}
        page = await self._get(EventPage, f"{self._calendar}/events", query)
        return page.access_role

    async def event(self, event_id: str) -> Event | None:
        """An event, also for a while after it was deleted; None when there is none."""
        try:
            return await self._get(Event, self._path(event_id))
        except HttpFailure as failure:
            if failure.status in GONE:
                return None
            raise

    async def insert(self, body: dict[str, Any]) -> Event | None:
        """A new event; None when there is, or was, one of this id, which is why it may
        be sent again."""
        path = f"{self._calendar}/events"
        try:
            answer = await self._ask("POST", path, repeatable=True, json=body)
        except HttpFailure as failure:
            if failure.status == 409:
                return None
            raise
        return _read(Event, answer)

    async def patch(self, event: Event, changes: dict[str, Any]) -> Event | None:
        """The event with changes; None when somebody else changed it meanwhile."""
        try:
            answer = await self._ask(
                "PATCH",
                self._path(event.id),
                json=changes,
                headers={"If-Match": event.etag},
            )
        except HttpFailure as failure:
            if failure.status == 412:
                return None
            raise
        return _read(Event, answer)

    async def delete(self, event_id: str) -> bool:
        """Delete an event; False when it was gone already."""
        try:
            await self._ask("DELETE", self._path(event_id))
        except HttpFailure as failure:
            if failure.status in GONE:
                return False
            raise
        return True

    def _path(self, event_id: str) -> str:
        return f"{self._calendar}/events/{quote(event_id, safe='')}"

    async def _get(
        self, model: type[T], path: str, query: dict[str, str] | None = None
    ) -> T:
        return _read(model, await self._ask("GET", path, params=query))

    async def _ask(self, method: str, path: str, **sent: Any) -> Answer:
        """The answer; a token that ended before its time is renewed once."""
        try:
            return await self._send(method, path, **sent)
        except HttpFailure as failure:
            if failure.status != 401:
                raise
        self._tokens.forget()
        return await self._send(method, path, **sent)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
        **sent: Any,
    ) -> Answer:
        bearer = {"Authorization": f"Bearer {await self._tokens.token()}"}
        url = f"{settings.GOOGLE_CALENDAR_URL}/{path}"
        request = self._client.build_request(
            method, url, headers={**bearer, **(headers or {})}, **sent
        )
        return await send(
            self._client,
            request,
            deadline=DEADLINE_SECONDS,
            retries=RETRIES,
            repeatable=repeatable,
        )


def _bounds(span: Span) -> dict[str, str]:
    return {"timeMin": span.begin.isoformat(), "timeMax": span.end.isoformat()}


def _read(model: type[T], answer: Answer) -> T:
    """The answer as this model; raises `HttpFailure`, without what was in it."""
    try:
        return model.model_validate_json(answer.content)
    except ValidationError:
        pass
    detail = f"{answer.asked} gave an answer that is not Google Calendar's."
    raise HttpFailure(NO_CALENDAR, detail=detail, status=answer.status)
