"""What staff can do about the usual failures of what a tool works with."""

import socket
import ssl
from collections.abc import Iterator

CREDENTIALS = "The other side did not let us in: check the secrets of this tool."
BY_STATUS = {
    401: CREDENTIALS,
    403: CREDENTIALS,
    404: "Nothing is there: check the address and the identifiers in the settings.",
    429: "Too many requests: wait, or ask for a higher limit.",
}
BY_KIND: list[tuple[type[BaseException], str]] = [
    (ssl.SSLCertVerificationError, "The other side's certificate is not valid."),
    (ssl.SSLError, "The other side speaks no TLS there: check https:// and the port."),
    (socket.gaierror, "DNS does not know the host: check the address for a typo."),
    (ConnectionRefusedError, "Nothing listens there: does it run, is the port right?"),
    (TimeoutError, "No answer in time: is it reachable from this server?"),
]


def hint_for(error: BaseException) -> str:
    """By the kind or HTTP status of a failure or of what led to it; else empty."""
    for cause in _causes(error):
        if (status := _status(cause)) in BY_STATUS:
            return BY_STATUS[status]
        for kind, hint in BY_KIND:
            if isinstance(cause, kind):
                return hint
    return ""


def _status(error: BaseException) -> int:
    """The HTTP status that a vendor's exception carries, under one of the usual names;
    0 where there is none."""
    holders = (error, getattr(error, "response", None), getattr(error, "resp", None))
    names = ("status_code", "status", "code")
    values = (getattr(holder, name, None) for holder in holders for name in names)
    return next((value for value in values if isinstance(value, int)), 0)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
