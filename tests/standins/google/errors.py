"""Errors of the Calendar API as Google writes them.

https://developers.google.com/workspace/calendar/api/guides/errors
"""

from werkzeug import Response

from tests.standins.serving import Refusal, as_json

LIMITS = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"}


def error(status: int, reason: str, message: str, header: str = "") -> Response:
    """The body of an error, and its status."""
    domain = "usageLimits" if reason in LIMITS else "global"
    item = {"domain": domain, "reason": reason, "message": message}
    if header:
        item |= {"locationType": "header", "location": header}
    body = {"error": {"errors": [item], "code": status, "message": message}}
    return as_json(body, status)


def refused(status: int, reason: str, message: str, header: str = "") -> Refusal:
    """The same, to be raised."""
    return Refusal(error(status, reason, message, header))


def unauthorized() -> Response:
    """The token ended, or was never one."""
    return error(401, "authError", "Invalid Credentials", "Authorization")


def rate_limited() -> Response:
    """Too many requests: Google says 403 here."""
    return error(403, "rateLimitExceeded", "Rate Limit Exceeded")


def not_enabled() -> Response:
    """The project has not enabled the API."""
    text = "Google Calendar API has not been used in project 7731 before."
    return error(403, "accessNotConfigured", text)


def backend_error() -> Response:
    """Google's own fault."""
    return error(500, "backendError", "Backend Error")
