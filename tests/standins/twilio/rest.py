"""A stand-in for Twilio's REST API: messages, the account, and all the rest.

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
from werkzeug.exceptions import HTTPException

from tests.standins.serving import Endpoint, as_json
from tests.standins.twilio.errors import (
    ACCOUNT,
    ACCOUNT_SID,
    AUTH_TOKEN,
    refused,
    twilio_error,
)
from tests.standins.twilio.numbers import NUMBER
from tests.standins.twilio.trunks import TwilioTrunks
from tests.standins.twilio.voice import TwilioVoice

__all__ = ["ACCOUNT_SID", "AUTH_TOKEN", "NUMBER", "Twilio", "twilio_error"]

OPTED_OUT = "+491701111111"
UNREACHABLE = "+491702222222"
MOST_CHARACTERS = 1600
ABROAD = ("+882", "+979")


class Twilio(TwilioVoice, TwilioTrunks):
    """The server, with one account that owns one number."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.sent: list[dict[str, Any]] = []
        self.status = "active"
        self.type = "Full"

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """The part of the API that text messages need."""
        return [
            *super().routes(),
            ("GET", f"{ACCOUNT}.json", self._account),
            ("POST", f"{ACCOUNT}/Messages.json", self._send),
        ]

    def refused(self, error: HTTPException) -> Response:
        """Twilio's words for what is not there."""
        text = "The requested resource was not found"
        return twilio_error(error.code or 500, 20404, text)

    def _account(self, request: Request, sid: str) -> Response:
        self.check(request, sid)
        return as_json(
            {
                "sid": sid,
                "friendly_name": "Salon",
                "status": self.status,
                "type": self.type,
            }
        )

    def _send(self, request: Request, sid: str) -> Response:
        self.check(request, sid)
        form = request.form
        self._check_message(form.get("To", ""), form.get("Body", ""))
        service = form.get("MessagingServiceSid")
        if not service and not self.has(form.get("From", "")):
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

    def check(self, request: Request, sid: str = ACCOUNT_SID) -> None:
        """Refuse who is not signed in as the account."""
        known = (ACCOUNT_SID, AUTH_TOKEN)
        given = request.authorization
        if sid != ACCOUNT_SID or not given or (given.username, given.password) != known:
            raise refused(20003, "Authenticate", 401)
