"""Files in pieces: a player that jumps asks for a range of bytes (RFC 9110, 14)."""

import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

BLOCK_BYTES = 64 * 1024
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Unsatisfiable(Exception):
    """The range begins behind the end of the file."""


def first_and_last(header: str, size: int) -> tuple[int, int] | None:
    """The bytes that a `Range` header asks for, both included; None for all of them.

    Several ranges at once, and what is no range, may be answered with everything
    (RFC 9110, 14.2). Raises `Unsatisfiable`.
    """
    found = RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size - 1
    else:
        begin, end = int(first), min(int(last or size), size - 1)
    if begin >= size or (last and not first and not int(last)):
        raise Unsatisfiable
    return (begin, end) if begin <= end else None


def respond(
    request: HttpRequest, file: IO[bytes], *, size: int, content_type: str
) -> HttpResponse | StreamingHttpResponse:
    """The file, or the piece of it that the request asks for.

    Nothing marks a version of the file, so a piece on the condition that it did not
    change (`If-Range`) is answered with all of it.
    """
    wanted = "" if "If-Range" in request.headers else request.headers.get("Range", "")
    try:
        piece = first_and_last(wanted, size)
    except Unsatisfiable:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    answer = _part(file, *piece, size) if piece else FileResponse(file)
    answer.headers["Content-Type"] = content_type
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def _part(file: IO[bytes], first: int, last: int, size: int) -> StreamingHttpResponse:
    length = last - first + 1
    headers = {
        "Content-Range": f"bytes {first}-{last}/{size}",
        "Content-Length": str(length),
    }
    file.seek(first)
    return StreamingHttpResponse(_blocks(file, length), status=206, headers=headers)


def _blocks(file: IO[bytes], length: int) -> Iterator[bytes]:
    """The next bytes of the file, which is closed behind them."""
    with file:
        while block := file.read(min(BLOCK_BYTES, length)):
            length -= len(block)
            yield block
