"""What is agreed about the sound: RFC 4566, and RFC 3264 for offer and answer."""

import re
import secrets
from dataclasses import dataclass

MIME = "application/sdp"
PCMU = 0
KEYS = 101


class NoCommonSound(ValueError):
    """The other side does not take G.711 µ-law."""


@dataclass(frozen=True)
class Sound:
    """Where one side wants to hear, and its number for keys (None: it takes none)."""

    host: str
    port: int
    keys: int | None = KEYS

    @property
    def address(self) -> tuple[str, int]:
        """Where to send the packets."""
        return self.host, self.port

    def __bytes__(self) -> bytes:
        formats = [str(PCMU)] + ([str(self.keys)] if self.keys else [])
        number = secrets.randbelow(2**31)
        lines = [
            "v=0",
            f"o=- {number} {number} IN IP4 {self.host}",
            "s=call",
            f"c=IN IP4 {self.host}",
            "t=0 0",
            f"m=audio {self.port} RTP/AVP {' '.join(formats)}",
            f"a=rtpmap:{PCMU} PCMU/8000",
        ]
        if self.keys:
            lines += [
                f"a=rtpmap:{self.keys} telephone-event/8000",
                f"a=fmtp:{self.keys} 0-15",
            ]
        lines += ["a=ptime:20", "a=sendrecv"]
        return "\r\n".join([*lines, ""]).encode()


def parse(body: bytes) -> Sound:
    """Read what the other side wants; raises NoCommonSound."""
    text = body.decode(errors="replace")
    media = re.search(r"^m=audio (\d+) RTP/AVP ([\d ]+)", text, re.MULTILINE)
    host = re.findall(r"^c=IN IP4 ([^\s/]+)", text, re.MULTILINE)
    if not media or not host or str(PCMU) not in media[2].split():
        raise NoCommonSound("The other side does not speak G.711 µ-law over RTP.")
    keys = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", text, re.MULTILINE)
    return Sound(host[-1], int(media[1]), int(keys[1]) if keys else None)
