"""A stand-in for Google Calendar: REST API version 3 and the token endpoint.

https://developers.google.com/workspace/calendar/api/v3/reference

    with GoogleCalendar() as google:
        google.api_url            # settings.GOOGLE_CALENDAR_URL
        google.key                # the JSON key of a service account
        google.calendar.standing  # the events, as the API shows them
        google.fail(rate_limited())
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException

from tests.standins.google.errors import error, refused, unauthorized
from tests.standins.google.events import LONGEST, KeptCalendar
from tests.standins.google.token import Tokens, key_file
from tests.standins.serving import Endpoint, Refusal, StandIn, as_json

CALENDAR = "/calendar/v3/calendars/<calendar>"
EVENTS = f"{CALENDAR}/events"
EVENT = f"{EVENTS}/<event>"
CALENDAR_ID = "salon@group.calendar.google.com"
MAY_WRITE = ("owner", "writer")


class GoogleCalendar(StandIn):
    """The server, with one calendar that the account was given."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.tokens = Tokens()
        self.calendars = {CALENDAR_ID: KeptCalendar(CALENDAR_ID)}

    @property
    def calendar(self) -> KeptCalendar:
        """The calendar that was shared with the account."""
        return self.calendars[CALENDAR_ID]

    @property
    def api_url(self) -> str:
        """What stands for https://www.googleapis.com/calendar/v3."""
        return f"{self.url}/calendar/v3"

    @property
    def key(self) -> str:
        """The key of the service account."""
        return key_file(f"{self.url}/token")

    def put(self, begin: str, minutes: int = 30, **fields: Any) -> dict[str, Any]:
        """Put an event into the calendar as somebody else: `2030-11-26T15:00`."""
        start = datetime.fromisoformat(begin).replace(tzinfo=self.calendar.zone)
        end = start.astimezone(UTC) + timedelta(minutes=minutes)
        points = {"start": start, "end": end}
        times = {name: {"dateTime": at.isoformat()} for name, at in points.items()}
        return self.calendar.insert({"summary": "Somebody", **times, **fields})

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """The part of the API that calendars of agents need."""
        return [
            ("POST", "/token", self._token),
            ("POST", "/calendar/v3/freeBusy", self._free_busy),
            ("GET", CALENDAR, self._calendar),
            ("GET", EVENTS, self._list),
            ("POST", EVENTS, self._insert),
            ("GET", EVENT, self._get),
            ("PATCH", EVENT, self._patch),
            ("DELETE", EVENT, self._delete),
        ]

    def refused(self, error_: HTTPException) -> Response:
        """Google's own words for what is not there."""
        return error(error_.code or 500, "notFound", "Not Found")

    def _token(self, request: Request) -> Response:
        return as_json(self.tokens.grant(request))

    def _calendar(self, request: Request, calendar: str) -> Response:
        found = self._open(request, calendar)
        return as_json(
            {
                "kind": "calendar#calendar",
                "id": found.id,
                "summary": found.summary,
                "timeZone": found.time_zone,
            }
        )

    def _free_busy(self, request: Request) -> Response:
        self._check_token(request)
        body = request.get_json()
        begin, end = _moment(body["timeMin"]), _moment(body["timeMax"])
        if end <= begin:
            raise refused(400, "timeRangeEmpty", "The specified time range is empty.")
        if end - begin > LONGEST:
            text = "The requested time range is too long."
            raise refused(400, "timeRangeTooLong", text)
        asked = [item["id"] for item in body["items"]]
        calendars = {name: self._busy(name, begin, end) for name in asked}
        return as_json({"kind": "calendar#freeBusy", "calendars": calendars})

    def _busy(self, name: str, begin: datetime, end: datetime) -> dict[str, Any]:
        """A calendar that cannot be seen is no error of the request."""
        if name not in self.calendars:
            fault = {"domain": "global", "reason": "notFound"}
            return {"errors": [fault], "busy": []}
        return {"busy": self.calendars[name].busy(begin, end)}

    def _list(self, request: Request, calendar: str) -> Response:
        found = self._open(request, calendar)
        query = request.args
        if query.get("orderBy") == "startTime" and query.get("singleEvents") != "true":
            text = "The requested ordering is not available for the particular query."
            raise refused(400, "badRequest", text)
        events = found.between(_moment(query["timeMin"]), _moment(query["timeMax"]))
        first = int(query.get("pageToken", 0))
        last = first + int(query.get("maxResults", 250))
        page: dict[str, Any] = {
            "kind": "calendar#events",
            "summary": found.summary,
            "timeZone": found.time_zone,
            "accessRole": found.role,
            "items": events[first:last],
        }
        return as_json(page | ({"nextPageToken": str(last)} if events[last:] else {}))

    def _insert(self, request: Request, calendar: str) -> Response:
        found = self._open(request, calendar, to_write=True)
        return as_json(found.insert(request.get_json()))

    def _get(self, request: Request, calendar: str, event: str) -> Response:
        return as_json(self._open(request, calendar).event(event))

    def _patch(self, request: Request, calendar: str, event: str) -> Response:
        found = self._open(request, calendar, to_write=True)
        etag = request.headers.get("If-Match")
        return as_json(found.change(event, request.get_json(), etag))

    def _delete(self, request: Request, calendar: str, event: str) -> Response:
        self._open(request, calendar, to_write=True).delete(event)
        return Response(status=204)

    def _open(
        self, request: Request, calendar: str, *, to_write: bool = False
    ) -> KeptCalendar:
        """The calendar, when the token opens it for this; raises `Refusal`."""
        self._check_token(request)
        if calendar not in self.calendars:
            raise refused(404, "notFound", "Not Found")
        found = self.calendars[calendar]
        if to_write and found.role not in MAY_WRITE:
            text = "You need to have writer access to this calendar."
            raise refused(403, "requiredAccessLevel", text)
        return found

    def _check_token(self, request: Request) -> None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or token not in self.tokens.good:
            raise Refusal(unauthorized())


def _moment(text: str) -> datetime:
    """RFC 3339, which has an offset from UTC; raises `Refusal`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise refused(400, "badRequest", "Bad Request")
    return moment
