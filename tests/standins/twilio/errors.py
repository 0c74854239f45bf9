"""Errors and lists as Twilio writes them.

https://www.twilio.com/docs/usage/twilios-response
"""

from typing import Any

from werkzeug import Response

from tests.standins.serving import Refusal, as_json

ACCOUNT_SID = "AC" + "0f" * 16
AUTH_TOKEN = "c7" * 16
ACCOUNT = "/2010-04-01/Accounts/<sid>"


def twilio_error(status: int, code: int, message: str) -> Response:
    """An error."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": more, "status": status}
    return as_json(body, status)


def refused(code: int, message: str, status: int = 400) -> Refusal:
    """The same, to be raised."""
    return Refusal(twilio_error(status, code, message))


def page(name: str, rows: list[dict[str, Any]]) -> Response:
    """A list of the older API, all of it on one page."""
    return as_json({name: rows, "page": 0, "page_size": 50, "next_page_uri": None})


def v1_page(name: str, rows: list[dict[str, Any]]) -> Response:
    """A list of the newer APIs."""
    meta = {"key": name, "page": 0, "page_size": 50, "next_page_url": None}
    return as_json({name: rows, "meta": meta})
