"""Recordings in the stand-in: made of what was said in a call, fetched, deleted.

https://www.twilio.com/docs/voice/api/recording
"""

import io
import secrets
import time
from collections.abc import Iterable

import av
import numpy as np
from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from tests.standins.serving import Endpoint, StandIn, as_json
from tests.standins.twilio.errors import ACCOUNT, page, refused

RATE = 8000
PIECE = 1152


class TwilioRecordings(StandIn):
    """`recordings` are the MP3 files of the account, by SID, and `made` what is listed
    of them; `stopped` is when the recording of a call was stopped
    (`time.monotonic()`)."""

    def __init__(self, port: int = 0) -> None:
        self.recordings: dict[str, bytes] = {}
        self.made: dict[str, dict[str, str]] = {}
        self.stopped: dict[str, float] = {}
        super().__init__(port)

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """What is done with recordings."""
        current = f"{ACCOUNT}/Calls/<call_sid>/Recordings/<name>.json"
        return [
            *super().routes(),
            ("GET", f"{ACCOUNT}/Recordings/<name>.mp3", self._sound),
            ("DELETE", f"{ACCOUNT}/Recordings/<name>.json", self._forget),
            ("POST", current, self._stop),
            ("GET", f"{ACCOUNT}/Calls/<call_sid>/Recordings.json", self._list),
        ]

    def keep(self, call_sid: str, caller: bytes, called: bytes) -> dict[str, str]:
        """Keep what both sides of a call said until now (8000 samples a second), or
        until its recording was stopped; what Twilio tells of it."""
        now = time.monotonic()
        after = int((now - self.stopped.get(call_sid, now)) * RATE) * 2
        caller, called = (s[: max(0, len(called) - after)] for s in (caller, called))
        sid = f"RE{secrets.token_hex(16)}"
        seconds = str(round(len(called) / RATE / 2))
        self.recordings[sid] = mp3(caller, called)
        self.made[sid] = made(call_sid, seconds)
        return {
            "RecordingSid": sid,
            "RecordingStatus": "completed",
            "RecordingDuration": seconds,
            "RecordingChannels": "2",
            "RecordingSource": "DialVerb",
        }

    def _sound(self, request: Request, sid: str, name: str) -> Response:
        self.check(request, sid)
        if name not in self.recordings:
            raise NotFound
        return Response(self.recordings[name], content_type="audio/mpeg")

    def _list(self, request: Request, sid: str, call_sid: str) -> Response:
        self.check(request, sid)
        there = [{"sid": s} | self.made.get(s, {}) for s in self.recordings]
        rows = [row for row in there if row.get("call_sid") == call_sid]
        return page("recordings", rows)

    def _forget(self, request: Request, sid: str, name: str) -> Response:
        self.check(request, sid)
        if self.recordings.pop(name, None) is None:
            raise NotFound
        return Response(status=204)

    def _stop(self, request: Request, sid: str, call_sid: str, name: str) -> Response:
        self.check(request, sid)
        if name != "Twilio.CURRENT" or request.form.get("Status") != "stopped":
            raise refused(20001, "Invalid parameter")
        self.stopped[call_sid] = time.monotonic()
        return as_json({"sid": f"RE{secrets.token_hex(16)}", "status": "stopped"})


def made(call_sid: str, seconds: str) -> dict[str, str]:
    """What is listed of a finished recording."""
    return {"call_sid": call_sid, "duration": seconds, "status": "completed"}


def mp3(left: bytes, right: bytes) -> bytes:
    """Two voices, each on its side."""
    length = max(len(left), len(right), 2 * PIECE)
    sides = [np.frombuffer(s.ljust(length, b"\0"), "<i2") for s in (left, right)]
    both = np.stack(sides, axis=1)
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="stereo")
        for start in range(0, len(both), PIECE):
            piece = np.ascontiguousarray(both[start : start + PIECE].T)
            frame = av.AudioFrame.from_ndarray(piece, format="s16p", layout="stereo")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
