"""Requests to Twilio's REST API, with its errors in words for staff."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from sealed.keys import SealBroken
from telephony_app.models import TwilioAccount

TIMEOUT_SECONDS = 8
TWILIO = "https://api.twilio.com"
NO_ACCOUNT = "The organization has no Twilio account here any more: add it again."
UNAUTHORIZED, UNKNOWN, TOO_MANY = 401, 404, 429
# https://www.twilio.com/docs/api/errors/20404
GONE = 20404


class TwilioRefused(Exception):
    """Twilio did not do it; the text says to staff why, and what to mend.

    `code` is Twilio's error code (https://www.twilio.com/docs/api/errors), 0 where it
    was not reached.
    """

    def __init__(self, words: str, *, code: int = 0) -> None:
        super().__init__(words)
        self.code = code


def account_of(organization_id: int) -> TwilioAccount:
    """The organization's account; raises `TwilioRefused` where it has none."""
    if account := TwilioAccount.objects.of(organization_id):
        return account
    raise TwilioRefused(NO_ACCOUNT)


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
def client_of(account: TwilioAccount, *, by_next: bool = False) -> Client:
    """Twilio's client, signed in as the account; `by_next` with the token that it is
    being changed to. Call it within `refusals`."""
    name = "next_auth_token" if by_next else "auth_token"
    token = account.secrets.reveal().get(name, "")
    http = _Http(timeout=TIMEOUT_SECONDS, max_retries=1)
    return Client(account.account_sid, token, http_client=http)


@contextmanager
def refusals(*, fine: int | None = None) -> Iterator[None]:
    """Turn what goes wrong at Twilio into `TwilioRefused`; the error code that is
    `fine` says that there is nothing left to do."""
    try:
        yield
    except TwilioException as error:
        refusal = _refusal(error)
        if not refusal.code or refusal.code != fine:
            raise TwilioRefused(_words(refusal), code=refusal.code or 0) from None
    except SealBroken as broken:
        raise TwilioRefused(str(broken)) from None
    except requests.RequestException:
        raise TwilioRefused("Twilio did not answer. Try again in a moment.") from None


def _refusal(error: TwilioException) -> TwilioRestException:
    """The error with its code, which the library leaves out where it reads lists."""
    if isinstance(error, TwilioRestException):
        return error
    response = next((a for a in error.args if isinstance(a, Response)), Response(0, ""))
    try:
        told = json.loads(response.text)
    except ValueError:
        told = {}
    message = told.get("message") or str(error.args[0])
    return TwilioRestException(response.status_code, "", message, told.get("code"))


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
    said = error.msg.partition(" record: ")[2] or error.msg
    return f"Twilio says: {said}.{manual if error.code else ''}"
