"""What went wrong with a request, in words for the model and for staff.

Neither holds what the other side said, nor a path or query: both may be secret.
"""

import socket
import ssl
from collections.abc import Iterator
from http import HTTPStatus

import httpx2

from tools_app.errors import ToolError

# A later try of the same request may well succeed.
PASSING = {408, 425, 429, 500, 502, 503, 504}
NOT_ACCEPTED = "The service did not accept these values: check them with the caller."
NOT_ALLOWED = "The service did not let this platform in."
UNAVAILABLE = "The service cannot be reached at the moment."
BROKEN = "The service gave an answer that cannot be used."
TOO_SLOW = "The service took too long."
MAY_BE_DONE = "It may have been done all the same: do not repeat it unasked."

STATUSES = {
    400: (NOT_ACCEPTED, "it found the request malformed: compare it with its manual"),
    401: (NOT_ALLOWED, "its key or token is missing, wrong or expired: set it anew"),
    403: (NOT_ALLOWED, "the key is known, but may not do this: check its permissions"),
    404: (
        "The service has nothing under these values.",
        "nothing is there: check the path of the URL, and the values put into it",
    ),
    405: (BROKEN, "this address does not take this method: check method and URL"),
    409: (
        "This conflicts with something that the service already has.",
        "what is asked conflicts with what is there",
    ),
    422: (NOT_ACCEPTED, "it understood the request and refused its values"),
    429: (
        "The service is too busy. It may work in a little while.",
        "too many requests: its limit is reached",
    ),
}


class HttpFailure(ToolError):
    """A request that did not bring what was asked.

    `status` is the answer's, None when there was none. `was_sent` says whether the
    other side may have seen the request, `retry_after` in how many seconds it wants to
    be asked again.
    """

    def __init__(
        self,
        words: str,
        *,
        detail: str,
        status: int | None = None,
        may_retry: bool = False,
        was_sent: bool = True,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(words, detail=detail, may_retry=may_retry)
        self.status = status
        self.was_sent = was_sent
        self.retry_after = retry_after

    @property
    def of_a_change(self) -> "HttpFailure":
        """The same for a request that changes something: it may have been done, unless
        it was not sent or was refused."""
        was_refused = self.status is not None and self.status < 500
        if was_refused or not self.was_sent:
            return self
        words = f"{self.words} {MAY_BE_DONE}"
        return HttpFailure(words, detail=self.detail, status=self.status)


def origin(url: httpx2.URL) -> str:
    """`https://api.example.com:8443`: the part of a URL that holds no secret."""
    return str(httpx2.URL(scheme=url.scheme, host=url.host, port=url.port))


def of_status(response: httpx2.Response) -> HttpFailure:
    """For an answer that is not a success."""
    status = response.status_code
    words, hint = STATUSES.get(status) or _class_of(status)
    answered = f"answered {status}{_phrase(status)}"
    return HttpFailure(
        words,
        detail=f"{_asked(response.request)} {answered}: {hint}.",
        status=status,
        may_retry=status in PASSING,
        retry_after=_retry_after(response),
    )


def of_error(error: BaseException, request: httpx2.Request) -> HttpFailure:
    """For a request that got no answer, or a broken one."""
    match error:
        case HttpFailure():
            return error
        case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
            return _not_sent(request, "does not answer: is it behind a firewall?")
        case httpx2.ConnectError():
            return _not_connected(error, request)
        case httpx2.TimeoutException() | TimeoutError():
            return too_slow(request)
        case httpx2.DecodingError() | httpx2.LocalProtocolError():
            detail = f"{_asked(request)}: this is no HTTP that can be spoken."
            return HttpFailure(BROKEN, detail=detail)
        case _:
            detail = f"{_asked(request)} broke off before its answer was complete."
            return HttpFailure(UNAVAILABLE, detail=detail, may_retry=True)


def too_slow(request: httpx2.Request) -> HttpFailure:
    """For an answer that was not complete in time."""
    detail = (
        f"{_asked(request)} did not answer completely in time: try it with *Test*, or "
        "give it a longer timeout."
    )
    return HttpFailure(TOO_SLOW, detail=detail, may_retry=True)


def too_large(request: httpx2.Request, most: int) -> HttpFailure:
    """For an answer of more bytes than are taken."""
    detail = (
        f"{_asked(request)} answered too long, more than {most:,} bytes: ask for "
        "fewer results, or for fewer fields of each."
    )
    return HttpFailure("The service answered far too much.", detail=detail)


def unknown_host(host: str) -> HttpFailure:
    """For a name that DNS does not know."""
    detail = f"DNS knows no {host}: check the URL for a typing error."
    return HttpFailure(UNAVAILABLE, detail=detail, was_sent=False)


def private_address(host: str, port: int) -> HttpFailure:
    """For a name that leads to where tools must not go."""
    detail = (
        f"{host} leads to a private address, which tools may not reach. If they "
        f"should, add {host}:{port} to TOOLS_MAY_REACH."
    )
    return HttpFailure(UNAVAILABLE, detail=detail, was_sent=False)


def _not_connected(error: Exception, request: httpx2.Request) -> HttpFailure:
    """Why no connection was made."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                hint = f"has a certificate that is not valid: {cause.verify_message}."
                return _not_sent(request, hint, may_retry=False)
            case ssl.SSLError():
                hint = "speaks no TLS here: check https:// and the port."
                return _not_sent(request, hint, may_retry=False)
            case ConnectionRefusedError():
                hint = "refuses connections: does it run, and is the port right?"
                return _not_sent(request, hint)
            case socket.gaierror():
                return unknown_host(request.url.host)
    return _not_sent(request, "cannot be connected to: is there a way to its network?")


def _not_sent(
    request: httpx2.Request, hint: str, *, may_retry: bool = True
) -> HttpFailure:
    detail = f"{origin(request.url)} {hint}"
    return HttpFailure(UNAVAILABLE, detail=detail, may_retry=may_retry, was_sent=False)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _class_of(status: int) -> tuple[str, str]:
    """Words and hint for a status that has none of its own."""
    if status < 400:
        hint = "it wants to be asked elsewhere: write the address it means as the URL"
        return BROKEN, hint
    if status < 500:
        return NOT_ACCEPTED, "it refused the request"
    return UNAVAILABLE, "it failed by itself: ask whoever runs it"


def _asked(request: httpx2.Request) -> str:
    return f"{request.method} {origin(request.url)}"


def _phrase(status: int) -> str:
    """The standard's name of a status, not the server's."""
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _retry_after(response: httpx2.Response) -> float:
    """Seconds; a date (RFC 9110, 10.2.3) is further away than a call can wait."""
    text = response.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else 0.0
