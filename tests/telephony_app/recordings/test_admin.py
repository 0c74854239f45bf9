"""Recordings on the page of their call: heard by members, deleted by admins."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agents_app.models import Agent
from telephony_app.calls.lifecycle import record
from telephony_app.calls.opening import end_call
from telephony_app.models import Call, CallEvent, Cause, Recording
from tests.telephony_app.conftest import call_of
from tests.telephony_app.recorded import recording_of

POLLS = "hx-trigger"


def over(call: Call) -> Call:
    """The same call, ended now."""
    end_call(call, Cause.CALLER_HUNG_UP, source="worker")
    return call


@pytest.fixture
def ended(call: Call) -> Call:
    """A call that is over."""
    return over(call)


@pytest.fixture
def recorded(agent: Agent) -> Call:
    """A call of an agent that records, just over."""
    Agent.objects.update(record_calls=True)
    agent.refresh_from_db()
    agent.publish()
    call = call_of(agent)
    record(call, CallEvent.Kind.ANSWERED, source="worker", key="answered")
    return over(call)


def page(client: Client, call: Call) -> str:
    """The call's page."""
    url = reverse("admin:telephony_app_call_change", args=[call.pk])
    return client.get(url).content.decode()


def players(client: Client, call: Call) -> str:
    """The part of it with the recordings."""
    return (
        page(client, call).partition('id="call-recordings"')[2].partition("</sect")[0]
    )


def post(client: Client, recording: Recording, what: str) -> Any:
    """Press a button beside a recording."""
    name = f"admin:telephony_app_call_recording_{what}"
    return client.post(reverse(name, args=[recording.call_id, recording.pk]))


def test_recording_is_played_on_its_calls_page(as_ed: Client, ended: Call) -> None:
    recording = recording_of(ended, seconds=72)
    url = f"/api/v1/calls/{ended.pk}/recordings/{recording.pk}"
    shown = players(as_ed, ended)
    assert f'src="{url}"' in shown
    assert f'href="{url}?download"' in shown
    assert "1 min 12 s, recorded by Twilio" in shown


def test_call_without_a_recording_has_no_player(as_ed: Client, ended: Call) -> None:
    assert "<h3>" not in players(as_ed, ended)


def test_page_waits_for_the_recording_of_a_call_just_ended(
    as_ed: Client, recorded: Call
) -> None:
    assert POLLS in players(as_ed, recorded)
    recording_of(recorded, sound=b"")
    assert POLLS in players(as_ed, recorded)


def test_page_stays_as_it_is_once_there_is_something_to_hear(
    as_ed: Client, recorded: Call
) -> None:
    recording_of(recorded)
    recording_of(recorded, sound=b"")
    assert POLLS not in players(as_ed, recorded)


def test_page_does_not_wait_for_ever(as_ed: Client, recorded: Call) -> None:
    then = timezone.now() - timedelta(minutes=5)
    Call.objects.filter(pk=recorded.pk).update(ended_at=then)
    assert POLLS not in players(as_ed, recorded)


def test_page_that_waits_fetches_the_players(as_ed: Client, recorded: Call) -> None:
    recording_of(recorded)
    url = reverse("admin:telephony_app_call_recordings", args=[recorded.pk])
    assert "<audio" in as_ed.get(url).content.decode()


def test_problem_is_told_and_tried_again_at_a_press(as_ed: Client, ended: Call) -> None:
    recording = recording_of(ended, sound=b"", problem="Twilio answered 500.")
    assert "Twilio answered 500." in players(as_ed, ended)
    post(as_ed, recording, "fetch")
    recording.refresh_from_db()
    assert recording.problem == ""


def test_what_the_worker_recorded_is_not_fetched(as_ed: Client, ended: Call) -> None:
    source = Recording.Source.WORKER
    recording = recording_of(ended, sound=b"", source=source, problem="Disk full.")
    assert "Try again" not in players(as_ed, ended)
    assert post(as_ed, recording, "fetch").status_code == 404


def test_admin_deletes_the_sound_and_the_call_stays(
    client: Client, alice: User, ended: Call
) -> None:
    recording = recording_of(ended)
    client.force_login(alice)
    post(client, recording, "delete")
    assert not Path(recording.file.path).exists()
    assert not Recording.objects.exists()
    assert Call.objects.filter(pk=ended.pk).exists()


def test_editor_may_not_delete_it(as_ed: Client, ended: Call) -> None:
    recording = recording_of(ended)
    assert "Delete" not in players(as_ed, ended)
    assert post(as_ed, recording, "delete").status_code == 403
    assert Recording.objects.exists()


def test_viewer_may_not_fetch_it(client: Client, vic: User, ended: Call) -> None:
    recording = recording_of(ended, sound=b"", problem="Twilio answered 500.")
    client.force_login(vic)
    assert "Try again" not in players(client, ended)
    assert post(client, recording, "fetch").status_code == 403


@pytest.mark.parametrize("what", ["fetch", "delete"])
def test_stranger_finds_no_button_to_press(
    client: Client, mallory: User, ended: Call, what: str
) -> None:
    recording = recording_of(ended)
    client.force_login(mallory)
    assert post(client, recording, what).status_code == 404
    assert Recording.objects.exists()


def test_deleted_call_takes_the_files_of_its_recordings_along(
    client: Client, alice: User, ended: Call
) -> None:
    recording = recording_of(ended)
    client.force_login(alice)
    url = reverse("admin:telephony_app_call_delete", args=[ended.pk])
    client.post(url, {"post": "yes"})
    assert not Call.objects.exists()
    assert not Path(recording.file.path).exists()
