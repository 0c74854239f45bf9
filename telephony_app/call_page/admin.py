"""Calls in the admin: the list, and a page for each that is read, not edited."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from accounts.models import Role
from accounts.record_admin import RecordAdmin
from telephony_app.call_page import search as call_search
from telephony_app.call_page.activities import Source
from telephony_app.call_page.page import call_page
from telephony_app.calls.opening import hang_up
from telephony_app.duration import in_words
from telephony_app.e164 import spaced
from telephony_app.fragments import fragment
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.models import Call, Cause, State
from telephony_app.recordings.admin import RecordingPages
from telephony_app.twilio.rest import TwilioRefused

STATE_COLOURS = {
    State.CREATED: "info",
    State.DISPATCHING: "info",
    State.RINGING: "warning",
    State.IN_PROGRESS: "success",
    State.ENDED: None,
    "failed": "danger",
}


class OwnFilter(AutocompleteSelectFilter):
    """Finds a row by typing, for there may be thousands; names only one's own."""

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            field = choice["form"].fields[self.lookup_kwarg]
            field.queryset = field.queryset.model.objects.for_user(self.request.user)
            yield choice


@admin.register(Call)
class CallAdmin(RecordingPages, RecordAdmin):
    """Calls are made by talking; here they are found, read and ended."""

    list_display = [
        "begun",
        "agent",
        "person",
        "standing",
        "outcome",
        "length",
        "release",
        "came",
    ]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("cause", ChoicesDropdownFilter),
        ("direction", ChoicesDropdownFilter),
        ("agent", OwnFilter),
        ("phone_number", OwnFilter),
        "created_at",
    ]
    ordering = ["-created_at", "-id"]
    # Shows the search box; `get_search_results` does the search.
    search_fields = ["call_sid"]
    search_help_text = call_search.HELP
    page_template = "admin/telephony_app/call/change_form.html"
    sources: ClassVar[list[Source]] = []

    @classmethod
    def register_activities(cls, source: Source) -> Source:
        """Show on a call's page what the source tells of it; a decorator."""
        cls.sources.append(source)
        return source

    @display(description="Begun")
    def begun(self, call: Call) -> Any:
        return call.created_at

    @display(description="With")
    def person(self, call: Call) -> str:
        return spaced(call.caller if call.comes_in else call.callee)

    @display(description="State", label=STATE_COLOURS)
    def standing(self, call: Call) -> tuple[str, str]:
        if call.cause and Cause(call.cause).is_failure:
            return "failed", "Failed"
        return call.state, call.get_state_display()

    @display(description="Outcome")
    def outcome(self, call: Call) -> str:
        return call.get_cause_display()

    @display(description="Length")
    def length(self, call: Call) -> str | None:
        return None if call.seconds is None else in_words(call.seconds)

    @display(description="Version")
    def release(self, call: Call) -> int | None:
        return call.version.number if call.version else None

    @display(description="Came by")
    def came(self, call: Call) -> str:
        return call.get_direction_display()

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return call_search.search(queryset, search_term), False

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path(
                "<uuid:call_id>/live/",
                fragment(site.admin_view(self.live_view)),
                name="telephony_app_call_live",
            ),
            path(
                "<uuid:call_id>/end/",
                require_POST(site.admin_view(self.end_view)),
                name="telephony_app_call_end",
            ),
            *self.recording_urls(),
            *super().get_urls(),
        ]

    def live_view(self, request: HttpRequest, call_id: str) -> HttpResponse:
        """The part of the page that changes while people talk."""
        call = self._mine(request, call_id)
        return TemplateResponse(
            request,
            "admin/telephony_app/call/live.html",
            self.about(request, call),
        )

    def end_view(self, request: HttpRequest, call_id: str) -> HttpResponse:
        """Hang up for both sides, and say on the page what came of it."""
        call = self._mine(request, call_id)
        if not self._may_end(request, call):
            raise PermissionDenied("Ending a call needs the role editor.")
        if call.state != State.ENDED:
            self._end(request, call)
        page = reverse("admin:telephony_app_call_change", args=[call.pk])
        return HttpResponseRedirect(page)

    def _end(self, request: HttpRequest, call: Call) -> None:
        try:
            hang_up(call, Cause.STAFF_ENDED, source="staff")
        except TwilioRefused as refused:
            words = f"The call goes on, for Twilio has the caller's line. {refused}"
            messages.warning(request, words)
        except LiveKitUnreachable as error:
            messages.warning(
                request,
                "The call counts as ended, but its room is still open and is closed "
                f"as soon as LiveKit answers. {error}",
            )
        else:
            messages.success(request, "The call was ended.")

    def _mine(self, request: HttpRequest, call_id: str) -> Call:
        call: Call = get_object_or_404(self.get_queryset(request), pk=call_id)
        return call

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("agent", "version")

    def about(self, request: HttpRequest, row: Call) -> dict[str, Any]:
        activities = [activity for source in self.sources for activity in source(row)]
        page = call_page(row, activities) | self.recordings_of(request, row)
        return page | {"may_end": self._may_end(request, row)}

    def _may_end(self, request: HttpRequest, call: Call) -> bool:
        return self._has_role(request, Role.EDITOR, call)
