"""The sound of a recording, for players in the admin and for REST clients."""

import mimetypes
from pathlib import PurePath
from typing import IO, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from telephony_app.models import Recording
from telephony_app.recordings.byte_ranges import respond

Answer = HttpResponse | StreamingHttpResponse
GONE = "There is no such recording in your organizations. It may have been deleted."


class RecordingSerializer(serializers.ModelSerializer[Recording]):
    """A recording; `url` is empty until it is stored, and needs the same sign-in."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Recording
        fields = ["id", "source", "seconds", "created_at", "problem", "url"]

    def get_url(self, recording: Recording) -> str | None:
        """Where its sound is."""
        if not recording.file:
            return None
        return settings.PUBLIC_BASE_URL + sound_path(recording)


def sound_path(recording: Recording) -> str:
    """Where its sound is, without the host."""
    return reverse("recording", args=[recording.call_id, recording.pk])


class RecordingSound(APIView):
    """The sound itself, in ranges where the client asks for some."""

    def get(self, request: Request, call_id: UUID, recording_id: int) -> Answer:
        """Play it; with `?download` as a file to keep."""
        mine = Recording.objects.for_user(request.user).filter(call_id=call_id)
        recording = mine.filter(pk=recording_id).exclude(file="").first()
        if recording is None:
            raise NotFound(GONE)
        return sound_of(recording, request)


def sound_of(recording: Recording, request: Request) -> Answer:
    """The answer with the sound; no proxy and no disk keeps it."""
    try:
        file = cast(IO[bytes], recording.file.open("rb"))
    except FileNotFoundError:
        raise NotFound(GONE) from None
    name = _file_name(recording)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer = respond(request, file, size=recording.file.size, content_type=kind)
    place = "attachment" if "download" in request.GET else "inline"
    answer.headers["Content-Disposition"] = f'{place}; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _file_name(recording: Recording) -> str:
    """`call-2026-03-02-1200.mp3`."""
    ending = PurePath(str(recording.file)).suffix
    return f"call-{recording.created_at:%Y-%m-%d-%H%M}{ending}"
