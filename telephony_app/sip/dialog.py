"""The dialog of a call: who speaks with whom, in which order. RFC 3261, section 12."""

import secrets
from dataclasses import dataclass, field
from typing import Self

from telephony_app.sip.address import SipUri, uri_in
from telephony_app.sip.message import Headers, Request, Response


@dataclass
class Dialog:
    """What every request of ours in this call says. `local` and `remote` are the
    values of `From` and `To` as we send them, `target` is where the other side is
    reached, `route` the proxies on the way there."""

    call_id: str
    local: str
    remote: str
    target: str
    number: int = 0
    route: list[str] = field(default_factory=list)

    @classmethod
    def of_caller(cls, request: Request, response: Response) -> Self:
        """The caller's side of an answered INVITE."""
        return cls(
            call_id=request.headers["Call-ID"],
            local=request.headers["From"],
            remote=response.headers["To"],
            target=uri_in(response.headers["Contact"]) or request.uri,
            number=int(request.headers["CSeq"].split()[0]),
            route=list(reversed(_entries(response, "Record-Route"))),
        )

    @classmethod
    def of_callee(cls, request: Request, response: Response) -> Self:
        """The called side of an INVITE that we answered."""
        return cls(
            call_id=request.headers["Call-ID"],
            local=response.headers["To"],
            remote=request.headers["From"],
            target=uri_in(request.headers["Contact"]),
            route=_entries(request, "Record-Route"),
        )

    def request(self, method: str, via: str, *, number: int | None = None) -> Request:
        """The next request of ours; an ACK has the number of its INVITE."""
        if number is None:
            self.number += 1
        headers = Headers(
            [
                ("Via", via),
                ("Max-Forwards", "70"),
                *(("Route", hop) for hop in self.route),
                ("From", self.local),
                ("To", self.remote),
                ("Call-ID", self.call_id),
                ("CSeq", f"{number or self.number} {method}"),
            ]
        )
        return Request(uri=self.target, headers=headers)

    def next_hop(self) -> SipUri:
        """Where the next request goes first."""
        return SipUri.parse(uri_in(self.route[0]) if self.route else self.target)


def _entries(message: Request | Response, name: str) -> list[str]:
    """Values that may stand in lines of their own, or in one."""
    joined = ",".join(message.headers.all(name))
    return [entry.strip() for entry in joined.split(",") if entry.strip()]


def new_tag() -> str:
    """Our mark in a dialog."""
    return secrets.token_hex(5)
