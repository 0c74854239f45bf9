"""The page of one tool: read by everybody, with what an admin may do to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from accounts.admin_scope import user_of
from telephony_app.fragments import fragment
from telephony_app.waiting import is_waiting, while_waiting
from tools_app.admin.functions import Offer, functions_list
from tools_app.admin.looking import looking
from tools_app.models import AgentTool, Kind, PlatformTool
from tools_app.tasks import sync_mcp_server

FOLDER = "admin/tools_app/platformtool"
CHANGES = {
    "added": "New functions",
    "removed": "Functions that are gone",
    "changed": "Changed functions",
    "columns": "Also changed",
}


class ToolPage(ModelAdmin):
    """What stands in place of a form, and *Look again*."""

    def get_urls(self) -> list[URLPattern]:
        wrap, own = self.admin_site.admin_view, super().get_urls()
        look = require_POST(wrap(self.look_view))
        part = fragment(wrap(self.standing_view))
        return [
            path("<int:pk>/look/", look, name="tools_app_platformtool_look"),
            path("<int:pk>/standing/", part, name="tools_app_platformtool_standing"),
            *own,
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The tool as it is."""
        tool: PlatformTool | None = self.get_object(request, object_id)
        if tool is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        return self._page(request, "page.html", tool, **self._about(request, tool))

    def standing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part that changes while a server is looked at; then the whole page."""
        tool = self._tool(request, pk)
        answer = self._page(request, "standing.html", tool)
        if not is_waiting(request, tool.checked_at):
            answer["HX-Refresh"] = "true"
        return answer

    def look_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the server again what it has."""
        tool = self._tool(request, pk)
        if not self.has_change_permission(request, tool):
            raise PermissionDenied("Looking at a server again needs the role admin.")
        return self.look_at(tool)

    def look_at(self, tool: PlatformTool) -> HttpResponse:
        """Have Celery look, and go to the page that shows how it goes."""
        page = reverse("admin:tools_app_platformtool_change", args=[tool.pk])
        answer = redirect(while_waiting(page))
        transaction.on_commit(lambda: sync_mcp_server.delay(tool.pk), robust=True)
        return answer

    def _tool(self, request: HttpRequest, pk: int) -> PlatformTool:
        tool: PlatformTool | None = self.get_object(request, str(pk))
        if tool is None:
            raise Http404
        return tool

    def _page(
        self, request: HttpRequest, template: str, tool: PlatformTool, **more: Any
    ) -> TemplateResponse:
        may_change = self.has_change_permission(request, tool)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": tool.name,
            "original": tool,
            "may_change": may_change,
            "may_look": may_change and tool.kind == Kind.MCP,
            "may_delete": self.has_delete_permission(request, tool),
            **looking(request, tool.checked_at),
        }
        return TemplateResponse(request, f"{FOLDER}/{template}", context | more)

    def _about(self, request: HttpRequest, tool: PlatformTool) -> dict[str, Any]:
        functions = list(tool.functions.all())
        offers = [Offer.of(row) for row in functions if row.removed_at is None]
        uses = AgentTool.objects.for_user(user_of(request)).filter(platform_tool=tool)
        return {
            "functions": functions_list(offers, ticked=[o.row.name for o in offers]),
            "function_count": len(offers),
            "gone": [row for row in functions if row.removed_at],
            "uses": uses.select_related("agent").order_by("agent__name"),
            "changes": [
                (words, tool.last_change[kind])
                for kind, words in CHANGES.items()
                if tool.last_change.get(kind)
            ],
        }
