"""The calendar of one call: opened, tried, closed."""

import datetime as dt
from typing import Any

import httpx2

from tools_app.base import BaseTool, CallContext, RunContext, ToolError
from tools_app.functions.specs import FunctionSpec
from tools_app.http import open_client
from tools_app.implementations.google_calendar import parameters as p
from tools_app.implementations.google_calendar.api import CalendarApi
from tools_app.implementations.google_calendar.config import (
    CalendarConfig,
    CalendarSecrets,
)
from tools_app.implementations.google_calendar.desk import Desk
from tools_app.implementations.google_calendar.diary import Diary
from tools_app.implementations.google_calendar.failures import NO_CALENDAR, refuse
from tools_app.implementations.google_calendar.service_account import (
    ServiceAccount,
    ServiceAccountTokens,
)
from tools_app.implementations.google_calendar.spans import Span
from tools_app.implementations.google_calendar.spoken import spoken_now

Context = RunContext[CallContext]
Answer = dict[str, Any]


class _OpenCalendar(BaseTool):
    """A calendar with its settings and key, for what can be done in it."""

    Config = CalendarConfig
    SensitiveConfig = CalendarSecrets
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
