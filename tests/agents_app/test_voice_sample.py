"""The sample by which staff choose a voice."""

import io
import wave
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from agents_app import tasks

SAMPLE = reverse("admin:agents_app_agent_voice_sample")
KORE = {"voice": "Kore", "language": "en-US"}


def queued(settings: Any) -> int:
    """How many tasks wait in the queue."""
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]
    return len(list(Path(folder).iterdir()))


@pytest.fixture(autouse=True)
def _nothing_asked_yet() -> None:
    cache.clear()


def test_missing_sample_is_ordered_once_and_promised(
    as_ed: Client, settings: Any
) -> None:
    before = queued(settings)
    assert [as_ed.get(SAMPLE, KORE).status_code for _ in range(3)] == [202] * 3
    assert queued(settings) == before + 1


def test_ready_sample_is_a_wav(as_ed: Client) -> None:
    tasks.make_voice_sample("Kore", "en-US")
    answer = as_ed.get(SAMPLE, KORE)
    assert answer["Content-Type"] == "audio/wav"
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (1, 24_000)
        assert sound.getnframes() > 24_000


@pytest.mark.parametrize(
    "query", [{}, {"voice": "Kore"}, KORE | {"voice": "Siri"}, KORE | {"language": ""}]
)
def test_unknown_voice_or_language_is_refused(
    as_ed: Client, query: dict[str, str]
) -> None:
    assert as_ed.get(SAMPLE, query).status_code == 400


def test_sample_is_for_those_who_choose(client: Client, vic: User) -> None:
    client.force_login(vic)
    assert client.get(SAMPLE, KORE).status_code == 403


def test_sample_needs_a_sign_in(client: Client, db: None) -> None:
    assert client.get(SAMPLE, KORE).status_code == 302
