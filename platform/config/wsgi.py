"""WSGI entry point of the web process."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Signed requests of a machine, while a caller waits: no page, no cookie, no session.
WEBHOOKS = "/api/v1/voice/twilio/"
NEEDED = ["django.middleware.common.CommonMiddleware"]


def _with_middleware(chosen: list[str]) -> WSGIHandler:
    """A handler that goes through these layers alone."""
    usual, settings.MIDDLEWARE = settings.MIDDLEWARE, chosen
    try:
        return WSGIHandler()
    finally:
        settings.MIDDLEWARE = usual


_pages = get_wsgi_application()
_webhooks = _with_middleware(NEEDED)


def application(
    environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Answer a request."""
    is_webhook = environ["PATH_INFO"].startswith(WEBHOOKS)
    handler = _webhooks if is_webhook else _pages
    return handler(environ, start_response)
