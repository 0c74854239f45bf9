"""The one client that asks LiveKit, shared by every thread of the process."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from livekit import api

from telephony_app.livekit import client as livekit_client
from telephony_app.livekit import rooms


def test_threads_that_ask_at_once_share_one_client(no_livekit: None) -> None:
    together = threading.Barrier(8)

    def first_use(_: int) -> int:
        together.wait()
        return id(livekit_client._client().api)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(first_use, range(8)))) == 1


def test_loop_that_is_held_up_does_not_hold_up_the_caller(
    livekit_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rooms.open_rooms() is not None
    monkeypatch.setattr(livekit_client, "ANSWER_SECONDS", 0.2)
    livekit_client._client().loop.call_soon_threadsafe(time.sleep, 1)
    with pytest.raises(livekit_client.LiveKitUnreachable):
        rooms.open_rooms()


def test_late_answer_does_not_spoil_the_next_question(livekit_server: Any) -> None:
    livekit_client._client().loop.call_soon_threadsafe(time.sleep, 0.5)
    assert rooms.open_rooms() is not None


def test_wrong_secret_is_named(livekit_server: Any, settings: Any) -> None:
    settings.LIVEKIT_API_SECRET = "another-secret-" + "z" * 40
    livekit_client._opened.cache_clear()
    try:
        with pytest.raises(livekit_client.LiveKitUnreachable) as refused:
            rooms.open_rooms()
        assert "API_SECRET" in refused.value.details
    finally:
        livekit_client._opened.cache_clear()


def test_refusal_is_told_in_livekits_own_words(livekit_server: Any) -> None:
    nobody = api.RoomParticipantIdentity(room="nowhere", identity="nobody")
    with pytest.raises(livekit_client.LiveKitUnreachable) as refused:
        livekit_client.ask(lambda client: client.room.get_participant(nobody))
    assert re.search("not_found: .*exist", refused.value.details)


def test_addresses_are_told_to_the_log_alone(
    no_livekit: None, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(livekit_client.LiveKitUnreachable) as silence:
        rooms.open_rooms()
    assert settings.LIVEKIT_URL not in str(silence.value)
    assert settings.LIVEKIT_URL in caplog.text
