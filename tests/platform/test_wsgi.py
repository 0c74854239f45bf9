"""What answers in production: webhooks without the layers of pages."""

import io
from typing import Any

import pytest

from config.wsgi import application


def asked(path: str) -> dict[str, str]:
    """The headers of the answer, and its status as one of them."""
    told: dict[str, str] = {}

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        told.update(headers, status=status[:3])

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "CONTENT_LENGTH": "0",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    for _ in application(environ, start):
        pass
    return told


@pytest.mark.django_db
def test_webhook_is_guarded_and_has_nothing_of_a_page() -> None:
    told = asked("/api/v1/voice/twilio/incoming")
    assert (told["status"], told["Content-Length"]) == ("403", "0")
    assert not {"Content-Security-Policy", "X-Frame-Options"} & set(told)


@pytest.mark.django_db
def test_everything_else_is_a_page() -> None:
    told = asked("/accounts/login/")
    assert "X-Frame-Options" in told
    assert told["status"] == "403"
