"""What went wrong with a request, where no server can be made to do it."""

import socket

import httpx2
import pytest

from tools_app.http_failures import HttpFailure, of_error, of_status

REQUEST = httpx2.Request("GET", "https://user-key.example/secret-path?key=secret")


def because_of(error: Exception) -> httpx2.ConnectError:
    """A failed connection, and what led to it."""
    failed = httpx2.ConnectError("vendor speaking")
    failed.__cause__ = error
    return failed


@pytest.mark.parametrize(
    ("error", "detail", "may_retry"),
    [
        (httpx2.ConnectTimeout("vendor"), "does not answer", True),
        (because_of(socket.gaierror()), "DNS knows no", False),
        (because_of(OSError()), "cannot be connected to", True),
        (httpx2.DecodingError("vendor"), "no HTTP that can be spoken", False),
        (httpx2.ReadError("vendor"), "broke off", True),
    ],
)
def test_failure_is_told_without_the_vendors_words(
    error: Exception, detail: str, may_retry: bool
) -> None:
    failure = of_error(error, REQUEST)
    assert detail in failure.detail
    assert failure.may_retry is may_retry
    assert "vendor" not in failure.words + failure.detail
    assert "secret" not in failure.words + failure.detail


def test_failure_stays_what_it_is() -> None:
    known = HttpFailure("Words.", detail="Detail.")
    assert of_error(known, REQUEST) is known


@pytest.mark.parametrize(
    ("status", "detail"),
    [(304, "elsewhere"), (418, "refused"), (599, "failed by itself"), (799, "799")],
)
def test_every_status_has_words(status: int, detail: str) -> None:
    assert detail in of_status(httpx2.Response(status, request=REQUEST)).detail
