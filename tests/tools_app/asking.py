"""Requests through the door of tools, as tests make them."""

import ssl
from typing import Any

import pytest
import trustme

from tools_app.http import Answer, open_client, send
from tools_app.http_failures import HttpFailure


async def get(url: str, method: str = "GET", **how: Any) -> Answer:
    """The answer to a request through the door."""
    door = {name: how.pop(name) for name in ("resolve", "tls") if name in how}
    headers = how.pop("headers", None)
    async with open_client(timeout=how.pop("timeout", 5.0), **door) as client:
        request = client.build_request(method, url, headers=headers)
        return await send(client, request, **how)


async def failure(url: str, method: str = "GET", **how: Any) -> HttpFailure:
    """What a request that must fail says."""
    with pytest.raises(HttpFailure) as caught:
        await get(url, method, **how)
    return caught.value


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """A trust in this authority alone."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def resolving(*answers: str) -> Any:
    """A DNS that gives these answers, one after the other."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> list[str]:
        return [left.pop(0)]

    return resolve
