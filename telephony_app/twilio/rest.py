"""Requests to Twilio's REST API, with its errors in words for staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from telephony_app.models import TwilioAccount

TIMEOUT_SECONDS = 8
TWILIO = "https://api.twilio.com"
UNAUTHORIZED, UNKNOWN, TOO_MANY = 401, 404, 429


class TwilioRefused(Exception):
    """Twilio did not do it; the text says to staff why, and what to mend.

    `code` is Twilio's error code (https://www.twilio.com/docs/api/errors), 0 where it
    was not reached.
    """

    def __init__(self, words: str, *, code: int = 0) -> None:
        super().__init__(words)
        self.code = code


class _Http(TwilioHttpClient):
    """Twilio's client, whose hosts are all one where `TWILIO_API_URL` names another."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if settings.TWILIO_API_URL != TWILIO:
            url = settings.TWILIO_API_URL + url.removeprefix(_origin(url))
        answer: Response = super().request(method, url, *args, **kwargs)
        return answer


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@sensitive_variables()
def client_of(account: TwilioAccount) -> Client:
    """Twilio's client, signed in as the account. Call it within `refusals`."""
    token = account.secrets.reveal().get("auth_token", "")
    http = _Http(timeout=TIMEOUT_SECONDS, max_retries=1)
    return Client(account.account_sid, token, http_client=http)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what goes wrong at Twilio into `TwilioRefused`."""
    try:
        yield
    except TwilioRestException as error:
        raise TwilioRefused(_words(error), code=error.code or 0) from None
    except requests.RequestException:
        raise TwilioRefused("Twilio did not answer. Try again in a moment.") from None


def _words(error: TwilioRestException) -> str:
    if error.status == UNAUTHORIZED:
        return (
            "Twilio does not accept the Account SID with this token. Copy both again "
            "from the first page of the Twilio console."
        )
    if error.status == TOO_MANY:
        return "Twilio asks for patience: too many requests. Try again in a minute."
    if error.status == UNKNOWN:
        return "Twilio does not know it any more: it was removed there."
    manual = f" See https://www.twilio.com/docs/api/errors/{error.code}."
    return f"Twilio says: {error.msg}.{manual if error.code else ''}"
