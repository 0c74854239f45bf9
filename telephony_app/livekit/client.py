"""The connection to LiveKit's server API.

Everyone who calls it is synchronous and LiveKit's client is not, so one event loop in
a thread of its own serves the process, with one open connection pool.
"""

import asyncio
import atexit
import functools
import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from django.conf import settings
from livekit import api

logger = logging.getLogger(__name__)

T = TypeVar("T")
TIMEOUT_SECONDS = 4
# The loop that asks may be held up itself; its own timeout comes first.
ANSWER_SECONDS = TIMEOUT_SECONDS + 2
FOR_EVERYBODY = (
    "LiveKit, which carries the calls, does not answer or refuses. Who runs the server "
    "finds more in its log."
)


class LiveKitUnreachable(Exception):
    """LiveKit did not answer or refused. The text is for everybody; `details` are for
    who runs the server: they name addresses, and what to look at."""

    def __init__(self, details: str) -> None:
        super().__init__(FOR_EVERYBODY)
        self.details = details


@dataclass(frozen=True)
class _Client:
    loop: asyncio.AbstractEventLoop
    api: api.LiveKitAPI


_opening = threading.Lock()


def _client() -> _Client:
    """The process's one client, whichever thread asks first."""
    with _opening:
        return _opened()


@functools.cache
def _opened() -> _Client:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="livekit-api", daemon=True).start()
    opening = asyncio.run_coroutine_threadsafe(_open(), loop)
    client = _Client(loop, opening.result(ANSWER_SECONDS))
    atexit.register(_close, client)
    return client


def _close(client: _Client) -> None:
    """Close the connections in order, where the loop still runs."""
    closing = asyncio.run_coroutine_threadsafe(client.api.aclose(), client.loop)
    with suppress(TimeoutError):
        closing.result(timeout=1)


async def _open() -> api.LiveKitAPI:
    return api.LiveKitAPI(
        settings.LIVEKIT_URL,
        settings.LIVEKIT_API_KEY,
        settings.LIVEKIT_API_SECRET,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
    )


def ask(request: Callable[[api.LiveKitAPI], Awaitable[T]]) -> T:
    """Send one request and wait for the answer; raises `LiveKitUnreachable`."""
    try:
        return _send(_client(), request)
    except api.TwirpError as error:
        # What is gone already is nobody's trouble.
        level = logging.DEBUG if error.code == "not_found" else logging.WARNING
        logger.log(level, "%s", _refusal(error))
        raise LiveKitUnreachable(_refusal(error)) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        logger.warning("%s", _silence())
        raise LiveKitUnreachable(_silence()) from error


def _silence() -> str:
    return (
        f"LiveKit did not answer at {settings.LIVEKIT_URL}. "
        "Check LIVEKIT_URL, and that the server runs."
    )


def _refusal(error: api.TwirpError) -> str:
    mends = {401: "Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET."}
    mend = mends.get(error.status, "LiveKit's log says more.")
    return f"LiveKit refused the request ({error.code}: {error.message}). {mend}"


def _send(client: _Client, request: Callable[[api.LiveKitAPI], Awaitable[T]]) -> T:
    async def send() -> T:
        return await request(client.api)

    sending = asyncio.run_coroutine_threadsafe(send(), client.loop)
    try:
        return sending.result(ANSWER_SECONDS)
    except TimeoutError:
        sending.cancel()
        raise
