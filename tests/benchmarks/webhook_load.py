"""Sends requests as fast as they are answered, a few at a time.

Run as `python -m tests.benchmarks.webhook_load PORT FILE CONNECTIONS`: each line of the
file is a form and its signature, in JSON. Prints how long all of it took, in seconds,
and the statuses that came.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PATH = "/api/v1/voice/twilio/incoming"
REQUEST = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Twilio-Signature: {signature}"
    "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: {length}\r\n\r\n{body}"
)


async def send_all(
    port: int, requests: Iterator[bytes], statuses: Counter[int]
) -> None:
    """Send what is left, one after the other, on a connection that is opened again
    when the server has closed it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        while True:
            try:
                writer.write(request)
                statuses[await status_of_answer(reader)] += 1
                break
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def status_of_answer(reader: asyncio.StreamReader) -> int:
    """Read one whole answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = head.partition("content-length:")[2].partition("\r\n")[0]
    await reader.readexactly(int(length or 0))
    return int(head.split()[1])


async def main(port: int, ready: Iterator[bytes], connections: int) -> None:
    """Send them all; say how it went."""
    statuses: Counter[int] = Counter()
    began = time.perf_counter()
    await asyncio.gather(*(send_all(port, ready, statuses) for _ in range(connections)))
    seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"seconds": seconds, "statuses": statuses}))


def requests_of(file: Path, port: int) -> list[bytes]:
    """What goes over the wire."""
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    same = {"path": PATH, "port": port}
    return [
        REQUEST.format(**same, **line, length=len(line["body"])).encode()
        for line in lines
    ]


if __name__ == "__main__":
    where = int(sys.argv[1])
    every = requests_of(Path(sys.argv[2]), where)
    asyncio.run(main(where, iter(every), int(sys.argv[3])))
