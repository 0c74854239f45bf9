"""Calls of tools in the admin: found and read, made by conversations only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from accounts.admin_scope import ScopedAdmin, ScopedFilter
from tools_app.badges import OUTCOME_COLOURS
from tools_app.models import ToolCall


class ToolFilter(ScopedFilter, RelatedDropdownFilter):
    """One tool, of those that the user may see."""


@admin.register(ToolCall)
class ToolCallAdmin(ScopedAdmin):
    """The list counts nothing: its first page costs the same at a million rows."""

    list_display = ["begun", "function", "tool", "standing", "took", "error", "during"]
    list_display_links = ["begun", "function"]
    list_filter = [
        ("agent_tool__platform_tool", ToolFilter),
        ("outcome", ChoicesDropdownFilter),
        "started_at",
    ]
    list_filter_submit = True
    list_per_page = 50
    ordering = ["-started_at", "-id"]
    sortable_by: list[str] = []
    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("call__agent", "agent_tool__platform_tool")

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The tool call's page, in place of a form."""
        row: ToolCall | None = self.get_object(request, object_id)
        if row is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        context = self.admin_site.each_context(request) | {
            "title": str(row),
            "opts": self.opts,
            "original": row,
            "tool": self.tool(row),
            "during": self.during(row),
        }
        return TemplateResponse(request, "admin/tools_app/toolcall/page.html", context)

    @display(description="Begun")
    def begun(self, row: ToolCall) -> Any:
        return row.started_at

    @display(description="Tool")
    def tool(self, row: ToolCall) -> str:
        return str(row.agent_tool.platform_tool) if row.agent_tool else row.tool_name

    @display(description="Outcome", label=OUTCOME_COLOURS)
    def standing(self, row: ToolCall) -> tuple[str, str]:
        return row.outcome, row.get_outcome_display()

    @display(description="Took")
    def took(self, row: ToolCall) -> str:
        return "" if row.duration_ms is None else f"{row.duration_ms}\u00a0ms"

    @display(description="Call")
    def during(self, row: ToolCall) -> str:
        """The way to where it stands in its conversation."""
        page = reverse("admin:telephony_app_call_change", args=[row.call_id])
        link = '<a class="tool-link" href="{}#tool-call-{}">{}</a>'
        return format_html(link, page, row.pk, row.call)
