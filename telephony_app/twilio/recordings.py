"""Sound files at Twilio: fetched, and deleted there.

https://www.twilio.com/docs/voice/api/recording
"""

import time
from dataclasses import dataclass
from typing import BinaryIO

import requests
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from telephony_app.models import TwilioAccount
from telephony_app.twilio.rest import (
    GONE,
    UNAUTHORIZED,
    UNKNOWN,
    TwilioRefused,
    client_of,
    refusals,
)

# To connect, and between two pieces.
PATIENCE_SECONDS = (5, 30)
# Other tasks wait meanwhile.
WHOLE_SECONDS = 120
# Six hours of two voices in MP3 as Twilio makes it.
MOST_BYTES = 200_000_000
# One for each time that an agent was rung.
MOST_OF_CALL = 20
PIECE_BYTES = 64 * 1024
ENDINGS = {"audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/x-wav": "wav"}


@dataclass(frozen=True)
class Made:
    """A finished recording, as Twilio lists it."""

    sid: str
    seconds: int


def made_of(account: TwilioAccount, call_sid: str) -> list[Made]:
    """The recordings of a call. Raises `TwilioRefused`."""
    with refusals():
        found = client_of(account).calls(call_sid).recordings.list(limit=MOST_OF_CALL)
    done = (each for each in found if each.status == "completed")
    return [Made(str(each.sid), int(each.duration or 0)) for each in done]


@sensitive_variables()
def fetch(account: TwilioAccount, sid: str, into: BinaryIO) -> str:
    """Write a recording with both voices apart into a file; its ending, `mp3`.

    Raises `TwilioRefused`, also when the recording is too long or takes too long.
    """
    url = (
        f"{settings.TWILIO_API_URL}/2010-04-01/Accounts/{account.account_sid}"
        f"/Recordings/{sid}.mp3?RequestedChannels=2"
    )
    token = account.secrets.reveal().get("auth_token", "")
    with refusals():
        answer = requests.get(
            url,
            auth=(account.account_sid, token),
            timeout=PATIENCE_SECONDS,
            stream=True,
        )
        with answer:
            _check(answer)
            _write(answer, into)
    return ENDINGS[answer.headers["Content-Type"]]


def _check(answer: requests.Response) -> None:
    if answer.status_code == UNKNOWN:
        raise TwilioRefused("Twilio does not have this recording.", code=GONE)
    if answer.status_code == UNAUTHORIZED:
        raise TwilioRefused("Twilio does not accept the account's token: set it anew.")
    if not answer.ok:
        status = answer.status_code
        raise TwilioRefused(f"Twilio answered {status} when asked for the recording.")
    kind = answer.headers.get("Content-Type", "")
    if kind not in ENDINGS:
        raise TwilioRefused(f"Twilio sent no sound, but {kind[:60] or 'nothing'}.")


def _write(answer: requests.Response, into: BinaryIO) -> None:
    """Write what comes, within limits of size and time."""
    size, deadline = 0, time.monotonic() + WHOLE_SECONDS
    for piece in answer.iter_content(PIECE_BYTES):
        size += into.write(piece)
        if size > MOST_BYTES:
            megabytes = MOST_BYTES // 1_000_000
            raise TwilioRefused(f"The recording is larger than {megabytes} MB.")
        if time.monotonic() > deadline:
            raise TwilioRefused("Twilio sent the recording too slowly.")


def delete(account: TwilioAccount, sid: str) -> None:
    """Delete it at Twilio, where it may be gone already. Raises `TwilioRefused`."""
    with refusals(fine=GONE):
        client_of(account).recordings(sid).delete()
