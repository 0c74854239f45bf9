"""The list of voice workers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from telephony_app.models import WorkerHeartbeat

LIST = "/admin/telephony_app/workerheartbeat/"


def test_no_worker_yet_says_how_to_start_one(as_ed: Client) -> None:
    text = as_ed.get(LIST).content.decode()
    assert "No voice worker has reported yet" in text
    assert "python manage.py run_voice_worker" in text


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "alive"),
        ({"is_draining": True}, "draining"),
        ({"seen_at": timezone.now() - timedelta(minutes=5)}, "gone"),
    ],
)
def test_worker_shows_its_condition(
    as_ed: Client, worker: WorkerHeartbeat, fields: dict[str, object], word: str
) -> None:
    WorkerHeartbeat.objects.update(**fields)
    assert word in as_ed.get(LIST).content.decode()


def test_worker_shows_how_full_it_is(as_ed: Client, worker: WorkerHeartbeat) -> None:
    WorkerHeartbeat.objects.update(live=1)
    text = as_ed.get(LIST).content.decode()
    assert "1 of 2 places" in text
    assert "width: 50%" in text


@pytest.mark.parametrize("page", ["add/", "{}/delete/"])
def test_nobody_makes_or_removes_a_worker_by_hand(
    as_ed: Client, worker: WorkerHeartbeat, page: str
) -> None:
    assert as_ed.post(LIST + page.format(worker.pk)).status_code == 403
