"""The sound of a recording: for its organization alone, whole or in pieces."""

from pathlib import Path
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from accounts.models import User
from telephony_app.models import Call, Recording
from tests.telephony_app.recorded import SOUND, recording_of


@pytest.fixture
def recording(call: Call) -> Recording:
    """A recording of Ava's call."""
    return recording_of(call)


def url_of(recording: Recording) -> str:
    """Where its sound is."""
    return f"/api/v1/calls/{recording.call_id}/recordings/{recording.pk}"


def sound(answer: Any) -> bytes:
    """All that was sent."""
    assert isinstance(answer, StreamingHttpResponse)
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


def test_member_hears_it(client: Client, vic: User, recording: Recording) -> None:
    client.force_login(vic)
    answer = client.get(url_of(recording))
    assert sound(answer) == SOUND
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["Content-Length"] == str(len(SOUND))
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_player_may_jump(as_ed: Client, recording: Recording) -> None:
    answer = as_ed.get(url_of(recording), headers={"Range": "bytes=100-199"})
    assert (answer.status_code, sound(answer)) == (206, SOUND[100:200])
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
    assert answer.headers["Content-Length"] == "100"


def test_jump_behind_the_end_is_refused(as_ed: Client, recording: Recording) -> None:
    answer = as_ed.get(url_of(recording), headers={"Range": "bytes=999999-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(SOUND)}"


def test_piece_on_a_condition_is_answered_with_all(
    as_ed: Client, recording: Recording
) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": '"abc"'}
    assert sound(as_ed.get(url_of(recording), headers=headers)) == SOUND


def test_nobody_on_the_way_keeps_it(as_ed: Client, recording: Recording) -> None:
    answer = as_ed.get(url_of(recording))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_download_has_a_name_that_says_when(
    as_ed: Client, recording: Recording
) -> None:
    answer = as_ed.get(url_of(recording) + "?download")
    name = f"call-{recording.created_at:%Y-%m-%d-%H%M}.mp3"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_stranger_is_answered_as_if_it_were_not_there(
    client: Client, mallory: User, recording: Recording
) -> None:
    client.force_login(mallory)
    assert client.get(url_of(recording)).status_code == 404


def test_nobody_hears_it_without_signing_in(
    client: Client, recording: Recording
) -> None:
    assert client.get(url_of(recording)).status_code == 403


def test_recording_under_another_calls_address_is_not_found(
    as_ed: Client, recording: Recording
) -> None:
    url = url_of(recording).replace(str(recording.call_id), recording.call.pk.hex[::-1])
    assert as_ed.get(url).status_code == 404


def test_recording_that_is_not_stored_is_not_found(as_ed: Client, call: Call) -> None:
    assert as_ed.get(url_of(recording_of(call, sound=b""))).status_code == 404


def test_recording_whose_file_is_gone_is_not_found(
    as_ed: Client, recording: Recording
) -> None:
    Path(recording.file.path).unlink()
    assert as_ed.get(url_of(recording)).status_code == 404


def test_call_lists_its_recordings(
    as_ed: Client, recording: Recording, settings: Any
) -> None:
    recording_of(recording.call, sound=b"", problem="Twilio answered 500.")
    answer = as_ed.get(f"/api/v1/calls/{recording.call_id}").json()
    first, second = answer["recordings"]
    assert first["url"] == settings.PUBLIC_BASE_URL + url_of(recording)
    assert (first["seconds"], first["source"]) == (5, "twilio")
    assert (second["url"], second["problem"]) == (None, "Twilio answered 500.")
