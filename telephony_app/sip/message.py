"""SIP messages as text: RFC 3261, sections 7 and 25."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

VERSION = "SIP/2.0"
COMPACT = {
    "c": "content-type",
    "f": "from",
    "i": "call-id",
    "l": "content-length",
    "m": "contact",
    "r": "refer-to",
    "t": "to",
    "v": "via",
}
# What a response repeats of its request, in this order.
REPEATED = ("Via", "From", "To", "Call-ID", "CSeq", "Record-Route")


class NotSip(ValueError):
    """The bytes are no SIP message."""


class Headers:
    """Header lines in their order; names in any case, or in their short form."""

    def __init__(self, lines: Iterable[tuple[str, str]] = ()) -> None:
        self._lines = list(lines)

    def __getitem__(self, name: str) -> str:
        """The first value; empty when there is none."""
        return next(iter(self.all(name)), "")

    def __setitem__(self, name: str, value: str) -> None:
        """Put this value in place of every earlier one."""
        self._lines = [line for line in self._lines if _same(line[0]) != _same(name)]
        self.add(name, value)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._lines)

    def add(self, name: str, value: str) -> None:
        """One more line."""
        self._lines.append((name, value))

    def all(self, name: str) -> list[str]:
        """Every value of this header, in order."""
        return [value for other, value in self._lines if _same(other) == _same(name)]


def _same(name: str) -> str:
    return COMPACT.get(name.lower(), name.lower())


@dataclass(kw_only=True)
class Message(ABC):
    """What requests and responses have in common."""

    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    @abstractmethod
    def first_line(self) -> str:
        """The line before the headers."""

    @property
    def branch(self) -> str:
        """The transaction that the message belongs to."""
        return parameter(self.headers["Via"].partition(",")[0], "branch")

    @property
    def method(self) -> str:
        """The method of the request, or of the one that is answered."""
        return self.headers["CSeq"].partition(" ")[2].strip()

    def __bytes__(self) -> bytes:
        self.headers["Content-Length"] = str(len(self.body))
        lines = [self.first_line, *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(kw_only=True)
class Request(Message):
    """A request; its method stands in `CSeq`, too."""

    uri: str

    @property
    def first_line(self) -> str:
        """Method, address, version."""
        return f"{self.method} {self.uri} {VERSION}"


@dataclass(kw_only=True)
class Response(Message):
    """An answer to a request."""

    status: int
    reason: str = ""

    @property
    def first_line(self) -> str:
        """Version, status, reason."""
        return f"{VERSION} {self.status} {self.reason}"

    @property
    def is_final(self) -> bool:
        """Whether no other answer follows."""
        return self.status >= 200

    @classmethod
    def to(cls, request: Request, status: int, reason: str, *, tag: str = "") -> Self:
        """The answer to this request; `tag` is ours, for the first in a dialog."""
        headers = Headers(
            (name, value) for name in REPEATED for value in request.headers.all(name)
        )
        if tag and not parameter(headers["To"], "tag"):
            headers["To"] += f";tag={tag}"
        return cls(status=status, reason=reason, headers=headers)


def parameter(value: str, name: str) -> str:
    """A header value's own parameter, as in `<sip:a@b>;tag=c`; empty without it."""
    for part in value.rpartition(">")[2].split(";")[1:]:
        key, _, found = part.strip().partition("=")
        if key.lower() == name:
            return found.strip('"')
    return ""


def parse(data: bytes) -> Request | Response:
    """Read one message; raises NotSip."""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode(errors="replace").replace("\r\n ", " ").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = Headers((name.strip(), value.strip()) for name, _, value in pairs)
    words = first.split(" ", 2)
    if len(words) < 2 or not headers["CSeq"]:
        raise NotSip(f"This is no SIP message: {first[:80]!r}")
    if words[0] == VERSION:
        reason = words[2] if len(words) > 2 else ""
        return Response(status=int(words[1]), reason=reason, headers=headers, body=body)
    return Request(uri=words[1], headers=headers, body=body)
