"""The tools there are: where each comes from, what it can do, who uses it."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.decorators import display

from accounts.admin_scope import ScopedFilter, user_of
from accounts.models import Role
from agents_app.models import Agent
from tools_app.admin.definitions import DefinitionPages
from tools_app.admin.platform_tool_page import ToolPage
from tools_app.badges import HEALTH_COLOURS, KIND_COLOURS, KIND_WORDS
from tools_app.models import AgentTool, Kind, PlatformTool

HEALTHS: dict[str, str | None] = {**HEALTH_COLOURS, "removed": "danger"}


@admin.register(PlatformTool)
class PlatformToolAdmin(ToolPage, DefinitionPages):
    """Python tools are written by developers and read here; endpoints and MCP servers
    are described here, by admins."""

    change_role = Role.ADMIN
    list_display = ["named", "kind_label", "health_label", "functions", "use"]
    list_display_links = ["named"]
    list_filter = ["kind", "health", ("organization", ScopedFilter)]
    search_fields = ["name", "key", "description"]
    warn_unsaved_form = True
    actions = None

    def _has_role(self, request: HttpRequest, role: Role, obj: Any = None) -> bool:
        """What is everybody's is changed by nobody but a superuser."""
        if obj is not None and not isinstance(obj, PlatformTool):
            obj = PlatformTool.objects.filter(pk=obj).first()
        is_shared = obj is not None and obj.organization_id is None
        if is_shared and role != Role.VIEWER:
            return bool(request.user.is_superuser)
        return super()._has_role(request, role, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_code = isinstance(obj, PlatformTool) and obj.kind == Kind.CODE
        return not is_code and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not what is installed: it would come back."""
        is_installed = (
            isinstance(obj, PlatformTool)
            and obj.kind == Kind.CODE
            and not obj.removed_at
        )
        return not is_installed and super().has_delete_permission(request, obj)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlatformTool]:
        """Each with how many functions it has, and how many of one's agents use it."""
        rows: QuerySet[PlatformTool] = super().get_queryset(request)
        mine = Agent.objects.for_user(user_of(request))
        uses = AgentTool.objects.filter(agent__in=mine).count_by("platform_tool")
        return (
            rows.order_by("name")
            .select_related("organization")
            .annotate(
                function_count=Count("functions", filter=Q(functions__removed_at=None)),
                use_count=uses,
            )
        )

    @display(description="Tool", ordering="name")
    def named(self, tool: PlatformTool) -> str:
        words = "<strong>{}</strong><small>{}</small>"
        return format_html(words, tool.name, tool.description)

    @display(
        description="Kind",
        ordering="kind",
        label={KIND_WORDS[kind]: colour for kind, colour in KIND_COLOURS.items()},
    )
    def kind_label(self, tool: PlatformTool) -> str:
        return KIND_WORDS[Kind(tool.kind)]

    @display(description="Health", label=HEALTHS)
    def health_label(self, tool: PlatformTool) -> tuple[str, str]:
        if tool.removed_at:
            return "removed", "No longer installed"
        return tool.health, tool.get_health_display()

    @display(description="Functions", ordering="function_count")
    def functions(self, tool: Any) -> int:
        return int(tool.function_count)

    @display(description="Used by", ordering="use_count")
    def use(self, tool: Any) -> str:
        count = tool.use_count
        return f"{count} agent{'' if count == 1 else 's'}" if count else "nobody yet"
