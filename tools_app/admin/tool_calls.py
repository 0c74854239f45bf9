"""Calls of tools in the admin: found and read, made by conversations only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from accounts.admin_scope import ScopedFilter
from accounts.record_admin import RecordAdmin
from tools_app.badges import OUTCOME_COLOURS
from tools_app.models import ToolCall


class ToolFilter(ScopedFilter, RelatedDropdownFilter):
    """One tool, of those that the user may see."""


@admin.register(ToolCall)
class ToolCallAdmin(RecordAdmin):
    """Who asked a tool for what, and what came of it."""

    list_display = ["begun", "function", "tool", "standing", "took", "error", "during"]
    list_display_links = ["begun", "function"]
    list_filter = [
        ("agent_tool__platform_tool", ToolFilter),
        ("outcome", ChoicesDropdownFilter),
        "started_at",
    ]
    ordering = ["-started_at", "-id"]
    page_template = "admin/tools_app/toolcall/page.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("call__agent", "agent_tool__platform_tool")

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"tool": self.tool(row), "during": self.during(row)}

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
