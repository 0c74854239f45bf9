"""What a call's page shows of its recordings."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from telephony_app.duration import in_words
from telephony_app.models import Call, Recording, State
from telephony_app.recordings.api import sound_path
from telephony_app.twilio.apologies import config_of

# Twilio has a recording ready some seconds after the call.
AWAITED_FOR = timedelta(minutes=3)


@dataclass(frozen=True)
class Player:
    """A recording as the page shows it; without `url` it is not stored yet."""

    recording: Recording
    url: str
    length: str

    @classmethod
    def of(cls, recording: Recording) -> "Player":
        """The player of a recording."""
        url = sound_path(recording) if recording.file else ""
        return cls(recording, url, in_words(recording.seconds or 0))


def recordings_on_page(call: Call) -> dict[str, Any]:
    """The players of an ended call, and whether the page should look again for one."""
    if call.state != State.ENDED:
        return {"players": [], "is_awaited": False}
    rows = list(call.recordings.all())
    return {
        "players": [Player.of(row) for row in rows],
        "is_awaited": _is_awaited(call, rows),
    }


def _is_awaited(call: Call, rows: list[Recording]) -> bool:
    """Once there is a player the page stays as it is: somebody may be listening."""
    if rows:
        return not any(row.file or row.problem for row in rows)
    config = config_of(call)
    is_recorded = bool(config and config.record_calls and call.answered_at)
    ended_at = call.ended_at or call.created_at
    return is_recorded and timezone.now() - ended_at < AWAITED_FOR
