"""A stand-in for Twilio's REST API: messages, the account, its numbers, recordings.

https://www.twilio.com/docs/messaging/api/message-resource

    with Twilio() as twilio:
        twilio.url                # settings.TWILIO_API_URL
        twilio.sent               # the messages, as the API shows them
        twilio.fail(twilio_error(429, 20429, "Too Many Requests"))
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, NotFound

from tests.standins.serving import Endpoint, Refusal, StandIn, as_json

ACCOUNT_SID = "AC" + "0f" * 16
AUTH_TOKEN = "c7" * 16
NUMBER = "+4930900900"
OPTED_OUT = "+491701111111"
UNREACHABLE = "+491702222222"
ACCOUNT = "/2010-04-01/Accounts/<sid>"
MOST_CHARACTERS = 1600
ABROAD = ("+882", "+979")


def twilio_error(status: int, code: int, message: str) -> Response:
    """An error as Twilio writes it: https://www.twilio.com/docs/usage/twilios-response."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": more, "status": status}
    return as_json(body, status)


def refused(code: int, message: str, status: int = 400) -> Refusal:
    """The same, to be raised."""
    return Refusal(twilio_error(status, code, message))


class Twilio(StandIn):
    """The server, with one account that owns one number."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.sent: list[dict[str, Any]] = []
        self.status = "active"
        self.type = "Full"
        self.recordings: dict[str, bytes] = {}
        self.numbers = {NUMBER: {"sms": True, "voice": True, "mms": False}}

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """The part of the API that text messages and recordings need."""
        return [
            ("GET", f"{ACCOUNT}.json", self._account),
            ("POST", f"{ACCOUNT}/Messages.json", self._send),
            ("GET", f"{ACCOUNT}/IncomingPhoneNumbers.json", self._numbers),
            ("GET", f"{ACCOUNT}/Recordings/<name>.mp3", self._sound),
            ("DELETE", f"{ACCOUNT}/Recordings/<name>.json", self._forget),
        ]

    def refused(self, error: HTTPException) -> Response:
        """Twilio's words for what is not there."""
        text = "The requested resource was not found"
        return twilio_error(error.code or 500, 20404, text)

    def _account(self, request: Request, sid: str) -> Response:
        self._check(request, sid)
        return as_json(
            {
                "sid": sid,
                "friendly_name": "Salon",
                "status": self.status,
                "type": self.type,
            }
        )

    def _numbers(self, request: Request, sid: str) -> Response:
        self._check(request, sid)
        wanted = request.args.get("PhoneNumber", "")
        found = [
            {"phone_number": number, "capabilities": capabilities}
            for number, capabilities in self.numbers.items()
            if wanted in number
        ]
        return as_json({"incoming_phone_numbers": found, "page": 0, "page_size": 50})

    def _send(self, request: Request, sid: str) -> Response:
        self._check(request, sid)
        form = request.form
        self._check_message(form.get("To", ""), form.get("Body", ""))
        service = form.get("MessagingServiceSid")
        if not service and form.get("From") not in self.numbers:
            number = form.get("From", "")
            raise refused(21659, f"'From' {number} is not a Twilio phone number")
        message = {
            "sid": f"SM{secrets.token_hex(16)}",
            "account_sid": sid,
            "messaging_service_sid": service,
            "from": form.get("From"),
            "to": form["To"],
            "body": form["Body"],
            "status": "accepted" if service else "queued",
            "direction": "outbound-api",
            "date_created": format_datetime(datetime.now(UTC)),
            "error_code": None,
            "error_message": None,
            "num_segments": "0" if service else str(-(-len(form["Body"]) // 160)),
            "price": None,
        }
        self.sent.append(message)
        return as_json(message, 201)

    def _sound(self, request: Request, sid: str, name: str) -> Response:
        self._check(request, sid)
        if name not in self.recordings:
            raise NotFound
        return Response(self.recordings[name], content_type="audio/mpeg")

    def _forget(self, request: Request, sid: str, name: str) -> Response:
        self._check(request, sid)
        if name not in self.recordings:
            raise NotFound
        del self.recordings[name]
        return Response(status=204)

    def _check_message(self, to: str, body: str) -> None:
        if not to:
            raise refused(21604, "A 'To' phone number is required.")
        if not body:
            raise refused(21602, "Message body is required.")
        if len(body) > MOST_CHARACTERS:
            raise refused(21617, "The concatenated message body exceeds the limit.")
        if not to.startswith("+") or not to[1:].isdigit():
            raise refused(21211, f"Invalid 'To' Phone Number: {to}")
        if to.startswith(ABROAD):
            text = "Permission to send an SMS has not been enabled for the region"
            raise refused(21408, text)
        if to == OPTED_OUT:
            raise refused(21610, "Attempt to send to unsubscribed recipient")
        if to == UNREACHABLE:
            raise refused(21614, f"'To' number is not a valid mobile number: {to}")

    def _check(self, request: Request, sid: str) -> None:
        given = request.authorization
        known = (ACCOUNT_SID, AUTH_TOKEN)
        if sid != ACCOUNT_SID or not given or (given.username, given.password) != known:
            raise refused(20003, "Authenticate", 401)
