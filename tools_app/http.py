"""The one door through which tools speak HTTP.

Private addresses are refused where the connection is made, redirects are not followed,
an answer has a time and a size, and a failure comes in words (`HttpFailure`).
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any

import httpx2
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from tools_app.http_failures import (
    BROKEN,
    HttpFailure,
    of_error,
    of_status,
    origin,
    too_large,
)
from tools_app.network.guarded_socket import (
    GuardedTransport,
    Resolve,
    addresses,
    trusted,
)

# A model reads far less, and a caller would not wait for it.
MOST_BYTES = 1_000_000
CONNECT_SECONDS = 5.0
# Sending one of these twice is the same as sending it once (RFC 9110, 9.2.2).
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
BACK_OFF = wait_random_exponential(multiplier=0.2, max=2)
HEADERS = {
    "User-Agent": "voice-agent-platform",
    # A small compressed answer may unpack to a huge one.
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True)
class Answer:
    """A successful answer; `asked` is the origin of the URL, for what staff read."""

    status: int
    content_type: str
    content: bytes
    asked: str

    def json(self) -> Any:
        """Its JSON, None when it is empty; raises `HttpFailure`."""
        if not self.content.strip():
            return None
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise self._unusable() from None

    @property
    def text(self) -> str:
        """Its text, which is UTF-8 as nearly everything is."""
        return self.content.decode("utf-8", errors="replace")

    def _unusable(self) -> HttpFailure:
        what = "something else than JSON"
        if "html" in self.content_type:
            what = "a web page, not JSON: is the URL a page's, or one to sign in"
        detail = f"{self.asked} answered with {what}."
        return HttpFailure(BROKEN, detail=detail, status=self.status)


def open_client(
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
    most_bytes: int = MOST_BYTES,
    events: bool = False,
    resolve: Resolve = addresses,
    tls: SSLContext | None = None,
) -> httpx2.AsyncClient:
    """A client that goes through the door; close it after use.

    `timeout` is in seconds, for the silence between two parts of an answer; `send` has
    one for the whole. `events` is for whoever reads endless ones and limits each.
    """
    return httpx2.AsyncClient(
        transport=GuardedTransport(
            resolve=resolve, tls=tls or trusted(), most=most_bytes, events=events
        ),
        headers={
            name.encode(): value.encode()
            for name, value in {**HEADERS, **(headers or {})}.items()
        },
        timeout=httpx2.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
        follow_redirects=False,
        trust_env=False,
    )


async def send(
    client: httpx2.AsyncClient,
    request: httpx2.Request,
    *,
    deadline: float = 10.0,
    retries: int = 0,
    most_bytes: int = MOST_BYTES,
    repeatable: bool = False,
    changes: bool = False,
) -> Answer:
    """The answer, in at most `deadline` seconds with all retries.

    Only idempotent methods are sent again, after failures that pass, and others that
    are said to be `repeatable`: a POST that only asks. What is said to be one of the
    `changes` never is: a GET that rings a bell. Raises `HttpFailure`.
    """
    is_idempotent = not changes and (repeatable or request.method in IDEMPOTENT)
    attempts = 1 + retries if is_idempotent else 1
    tries = AsyncRetrying(
        stop=stop_after_attempt(attempts) | stop_before_delay(deadline),
        retry=retry_if_exception(_may_retry),
        wait=_pause,
        reraise=True,
    )
    try:
        async with asyncio.timeout(deadline):
            return await tries(_sent, client, request, most_bytes)
    except (TimeoutError, HttpFailure) as error:
        failure = of_error(error, request)
        raise (failure if is_idempotent else failure.of_a_change) from None


async def _sent(
    client: httpx2.AsyncClient, request: httpx2.Request, most_bytes: int
) -> Answer:
    """The answer to one attempt; raises `HttpFailure`."""
    try:
        response = await client.send(request, stream=True)
        try:
            if not response.is_success:
                raise of_status(response)
            return await _read(response, most_bytes)
        finally:
            await response.aclose()
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise of_error(error, request) from None


async def _read(response: httpx2.Response, most_bytes: int) -> Answer:
    """The body, unpacked, no further than it may be long."""
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > most_bytes:
            raise too_large(response.request, most_bytes)
    kind = response.headers.get("content-type", "").lower()
    asked = origin(response.request.url)
    return Answer(response.status_code, kind, bytes(content), asked)


def _may_retry(error: BaseException) -> bool:
    return isinstance(error, HttpFailure) and error.may_retry


def _pause(state: RetryCallState) -> float:
    """Seconds to the next attempt: longer each time, and as long as was asked for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, HttpFailure) else 0.0
    return max(asked, BACK_OFF(state))
