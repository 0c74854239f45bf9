"""What Google answers when it refuses, in words for the model and for staff.

https://developers.google.com/workspace/calendar/api/guides/errors
"""

import httpx2
from pydantic import BaseModel, ValidationError

from tools_app.http_failures import HttpFailure

NO_CALENDAR = "The calendar cannot be opened."
BUSY = "The calendar is too busy. It may work in a little while."
AWAY = "The calendar does not answer at the moment."
NOT_TAKEN = "The calendar did not take this."

# By the reason that Google names: it answers 403 for quite different things.
REASONS = {
    "rateLimitExceeded": (BUSY, "the limit of requests is reached; it passes"),
    "userRateLimitExceeded": (BUSY, "the limit of requests is reached; it passes"),
    "quotaExceeded": (BUSY, "a quota of this account is used up"),
    "dailyLimitExceeded": (BUSY, "today's quota of the Google Cloud project is used"),
    "accessNotConfigured": (
        NO_CALENDAR,
        "enable the Google Calendar API in the Google Cloud project of the key",
    ),
    "requiredAccessLevel": (
        NO_CALENDAR,
        "share the calendar with the right to make changes to events",
    ),
    "invalid_grant": (
        NO_CALENDAR,
        "it does not accept the key: it was deleted, its account too, or this "
        "machine's clock is wrong. Make a new key and paste it",
    ),
    "invalid_scope": (NO_CALENDAR, "the account may not use the Calendar API"),
}
STATUSES = {
    400: (NOT_TAKEN, "it found the request malformed"),
    401: (NO_CALENDAR, "it does not accept the token: set the key anew"),
    403: (
        NO_CALENDAR,
        "share the calendar with the service account's address, with the right to make "
        "changes to events",
    ),
    404: (
        NO_CALENDAR,
        "it knows no such calendar: check the Calendar ID, and share the calendar with "
        "the service account's address",
    ),
    429: (BUSY, "the limit of requests is reached; it passes"),
}
OWN_FAULT = (AWAY, "it failed by itself; that mostly passes")
PASSING_REASONS = {"rateLimitExceeded", "userRateLimitExceeded"}


class _Item(BaseModel):
    reason: str = ""


class _Error(BaseModel):
    errors: list[_Item] = []


class _Refusal(BaseModel):
    """Either API's: `{"error": {"errors": [...]}}` or `{"error": "invalid_grant"}`."""

    error: _Error | str

    @property
    def reason(self) -> str:
        """The first reason that it names."""
        if isinstance(self.error, str):
            return self.error
        return self.error.errors[0].reason if self.error.errors else ""


async def refuse(response: httpx2.Response) -> None:
    """Raise `HttpFailure` for an answer that is not a success: a client's hook."""
    if response.is_success:
        return
    await response.aread()
    try:
        reason = _Refusal.model_validate_json(response.content).reason
    except ValidationError:
        reason = ""
    raise _failure(response, reason)


def _failure(response: httpx2.Response, reason: str) -> HttpFailure:
    status = response.status_code
    otherwise = OWN_FAULT if status >= 500 else STATUSES[400]
    words, hint = REASONS.get(reason) or STATUSES.get(status) or otherwise
    # Google's reasons are words without secrets; its sentences may name people.
    named = f" {reason}" if reason.isidentifier() else ""
    return HttpFailure(
        words,
        detail=f"{response.request.url.host} answers {status}{named}: {hint}.",
        status=status,
        may_retry=status == 429 or status >= 500 or reason in PASSING_REASONS,
    )
