"""Recordings on the page of their call: heard, fetched again, deleted."""

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from accounts.admin_scope import ScopedAdmin
from accounts.models import Role
from telephony_app import tasks
from telephony_app.fragments import fragment
from telephony_app.models import Call, Recording
from telephony_app.recordings.page import recordings_on_page
from telephony_app.recordings.retention import drop

logger = logging.getLogger(__name__)


class RecordingPages(ScopedAdmin):
    """The part of a call's admin that is about its recordings."""

    def recording_urls(self) -> list[URLPattern]:
        """Below the page of a call."""
        view = self.admin_site.admin_view
        one = "<uuid:call_id>/recordings/<int:recording_id>"
        name = "telephony_app_call_recording"
        return [
            path(
                "<uuid:call_id>/recordings/",
                fragment(view(self.recordings_view)),
                name=f"{name}s",
            ),
            path(
                f"{one}/fetch/",
                require_POST(view(self.fetch_view)),
                name=f"{name}_fetch",
            ),
            path(
                f"{one}/delete/",
                require_POST(view(self.delete_recording_view)),
                name=f"{name}_delete",
            ),
        ]

    def recordings_view(self, request: HttpRequest, call_id: str) -> HttpResponse:
        """The players, for a page that waits for one."""
        call = get_object_or_404(self.get_queryset(request), pk=call_id)
        template = "admin/telephony_app/call/recordings.html"
        return TemplateResponse(request, template, self.recordings_of(request, call))

    def fetch_view(
        self, request: HttpRequest, call_id: str, recording_id: int
    ) -> HttpResponse:
        """Ask Twilio once more for a recording that could not be fetched."""
        recording = self._recording(request, call_id, recording_id, Role.EDITOR)
        if recording.source != Recording.Source.TWILIO:
            raise Http404("Only what Twilio recorded is fetched.")
        Recording.objects.filter(pk=recording.pk).update(problem="", is_due=True)
        transaction.on_commit(
            lambda: tasks.fetch_recording.delay(recording_id), robust=True
        )
        messages.success(request, "The recording is being fetched.")
        return self._back(recording)

    def delete_recording_view(
        self, request: HttpRequest, call_id: str, recording_id: int
    ) -> HttpResponse:
        """Delete the sound now; the call and what was said stay."""
        recording = self._recording(request, call_id, recording_id, Role.ADMIN)
        try:
            drop(recording)
            messages.success(request, "The recording was deleted.")
        except OSError as error:
            logger.exception("recording %s could not be deleted", recording.pk)
            messages.error(request, f"It could not be deleted: {error.strerror}.")
        return self._back(recording)

    def delete_model(self, request: HttpRequest, obj: Call) -> None:
        """A call takes its recordings along, their files too."""
        for recording in obj.recordings.all():
            drop(recording)
        super().delete_model(request, obj)

    def recordings_of(self, request: HttpRequest, call: Call) -> dict[str, Any]:
        """What the template of the players needs."""
        return recordings_on_page(call) | {
            "call": call,
            "may_fetch": self._has_role(request, Role.EDITOR, call),
            "may_delete": self._has_role(request, Role.ADMIN, call),
        }

    def _recording(
        self, request: HttpRequest, call_id: str, recording_id: int, role: Role
    ) -> Recording:
        rows = Recording.objects.for_user(request.user).select_related("call")
        recording = get_object_or_404(rows, pk=recording_id, call_id=call_id)
        if not self._has_role(request, role, recording.call):
            raise PermissionDenied(f"This needs the role {role.name.lower()}.")
        return recording

    def _back(self, recording: Recording) -> HttpResponse:
        page = "admin:telephony_app_call_change"
        return HttpResponseRedirect(reverse(page, args=[recording.call_id]))
