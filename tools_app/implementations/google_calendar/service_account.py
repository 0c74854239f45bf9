"""The key of a service account, and the access tokens that Google gives for it.

https://developers.google.com/identity/protocols/oauth2/service-account
"""

import time
from contextlib import suppress
from typing import Protocol

import httpx2
import jwt
from pydantic import BaseModel, Field, ValidationError

from tools_app.errors import ToolError
from tools_app.http import send
from tools_app.http_failures import HttpFailure
from tools_app.implementations.google_calendar.failures import (
    NO_CALENDAR,
)

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# Whom the assertion is for, wherever it is sent.
AUDIENCE = "https://oauth2.googleapis.com/token"
# Listing, making and changing events; looking at free time and the calendar's name.
SCOPE = "https://www.googleapis.com/auth/calendar"
LIFE_SECONDS = 3600
# A token is renewed this long before its end.
MARGIN_SECONDS = 60
DEADLINE_SECONDS = 4.0


class TokenSource(Protocol):
    """Where the token of a request comes from."""

    async def token(self) -> str:
        """A token that is valid now; raises `ToolError`."""

    def forget(self) -> None:
        """Ask for a new one the next time: this one was refused."""


class ServiceAccount(BaseModel):
    """What is needed of the JSON file that Google Cloud gives for a key."""

    client_email: str
    private_key: str = Field(repr=False)
    private_key_id: str = ""
    token_uri: str = AUDIENCE

    @classmethod
    def read(cls, text: str) -> "ServiceAccount | None":
        """The key in the file; None when it is none. No error holds the text."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return None


class ServiceAccountTokens:
    """A service account's tokens, each kept for most of its hour."""

    def __init__(self, client: httpx2.AsyncClient, account: ServiceAccount) -> None:
        self._client = client
        self._account = account
        self._token = ""
        self._expires = 0.0

    async def token(self) -> str:
        """A token that is valid now; raises `ToolError`."""
        if time.monotonic() > self._expires - MARGIN_SECONDS:
            await self._fetch()
        return self._token

    def forget(self) -> None:
        """Ask for a new one the next time: this one was refused."""
        self._expires = 0.0

    async def _fetch(self) -> None:
        form = {"grant_type": GRANT, "assertion": self._assertion()}
        request = self._client.build_request("POST", self._account.token_uri, data=form)
        answer = await send(
            self._client, request, deadline=DEADLINE_SECONDS, retries=1, repeatable=True
        )
        try:
            granted = _Granted.model_validate_json(answer.content)
        except ValidationError:
            granted = None
        if granted is None:
            raise HttpFailure(
                NO_CALENDAR, detail=f"{answer.asked} gave no token: is token_uri right?"
            )
        self._token = granted.access_token
        self._expires = time.monotonic() + granted.expires_in

    def _assertion(self) -> str:
        """What the account says of itself, signed with its key (RFC 7523)."""
        now = int(time.time())
        claims = {
            "iss": self._account.client_email,
            "scope": SCOPE,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + LIFE_SECONDS,
        }
        headers = {"kid": self._account.private_key_id}
        with suppress(jwt.PyJWTError, ValueError, TypeError):
            key = self._account.private_key
            return jwt.encode(claims, key, algorithm="RS256", headers=headers)
        raise ToolError(
            NO_CALENDAR,
            detail="The private_key in the service account's key is damaged: paste the "
            "JSON file anew, as it was downloaded.",
        )


class _Granted(BaseModel):
    access_token: str
    expires_in: float
