"""An organization's secrets for a tool, used by agents that have none of their own."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from unfold.decorators import display

from accounts.admin_scope import user_of
from accounts.models import Role
from accounts.owned_admin import OwnedAdmin, OwnedForm
from sealed.forms import SecretsForm
from tools_app.admin.looking import look_soon
from tools_app.admin.secret_fields import BROKEN, Kept, SecretFields, set_on
from tools_app.models import AgentTool, PlatformTool, ToolSecret


class ToolSecretForm(SecretsForm, OwnedForm):
    """The secrets of one tool; which tool, its page was asked before."""

    secret_fields: SecretFields
    tool: PlatformTool

    class Meta:
        model = ToolSecret
        fields = ["organization"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.platform_tool = self.tool

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.secret_fields.complain(self)
        changed = self.secret_fields.changed(cleaned)
        if changed is None and not self.instance.pk and not self.errors:
            self.add_error(None, "Fill in at least one secret.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """One row for each organization and tool, though the tool is not asked here."""
        return super()._get_validation_exclusions() - {"platform_tool"}


@admin.register(ToolSecret)
class ToolSecretAdmin(OwnedAdmin):
    """Admins set secrets; nobody reads them."""

    change_role = Role.ADMIN
    list_display = ["tool", "organization", "kept", "was_set", "used_by"]
    list_display_links = ["tool"]
    warn_unsaved_form = True
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[ToolSecret]:
        rows = super().get_queryset(request)
        theirs = AgentTool.objects.filter(agent__organization=OuterRef("organization"))
        uses = theirs.count_by("platform_tool", outer="platform_tool")
        related = rows.select_related("organization", "platform_tool", "set_by")
        counted: QuerySet[ToolSecret] = related.annotate(use_count=uses)
        return counted

    @display(description="Tool", ordering="platform_tool__name")
    def tool(self, row: ToolSecret) -> str:
        return str(row.platform_tool)

    @display(description="Secrets")
    def kept(self, row: ToolSecret) -> str:
        """Each with its last characters."""
        kept = Kept.of(row.secrets)
        if kept.is_broken:
            return "Cannot be opened: set them again"
        return ", ".join(f"{name} {hint}" for name, hint in kept.hints.items())

    @display(description="Last change")
    def was_set(self, row: ToolSecret) -> str:
        return set_on(row.set_at, row.set_by)

    @display(description="Used by")
    def used_by(self, row: Any) -> str:
        """How many of the organization's agents have the tool."""
        count = row.use_count
        return ngettext("%d agent", "%d agents", count) % count if count else "nobody"

    # The form

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First the tool, then its secrets."""
        if not self.has_add_permission(request) or "tool" in request.GET:
            page: HttpResponse = super().add_view(request, form_url, extra_context)
            return page
        tools = PlatformTool.objects.for_user(user_of(request), role=Role.ADMIN)
        context = self.admin_site.each_context(request) | {
            "title": "Secrets for which tool?",
            "opts": self.opts,
            "tools": [t for t in tools.filter(removed_at=None) if t.secret_names],
        }
        return TemplateResponse(
            request, "admin/tools_app/toolsecret/choose.html", context
        )

    @method_decorator(sensitive_post_parameters())
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def _tool(self, request: HttpRequest, row: ToolSecret | None) -> PlatformTool:
        if row:
            return row.platform_tool
        tools = PlatformTool.objects.for_user(user_of(request), role=Role.ADMIN)
        number = request.GET.get("tool", "")
        return get_object_or_404(tools, pk=int(number) if number.isdecimal() else 0)

    def _fields(self, request: HttpRequest, row: ToolSecret | None) -> SecretFields:
        schema = self._tool(request, row).sensitive_schema
        return SecretFields(schema, kept=row.secrets if row else None)

    def sections(self, request: HttpRequest, row: Any) -> Any:
        tool = self._tool(request, row)
        fields = ["organization", *self._fields(request, row).fields]
        return [(tool.name, {"fields": fields, "description": _about(row)})]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may not set secrets sees the list, which tells that they are there."""
        return self._has_role(request, Role.ADMIN if obj else Role.VIEWER, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        fields = self._fields(request, obj)
        about = {"secret_fields": fields, "tool": self._tool(request, obj)}
        made = type("ToolSecretForm", (ToolSecretForm,), fields.fields | about)
        return super().get_form(request, obj, **kwargs, form=made)

    def save_model(
        self, request: HttpRequest, obj: ToolSecret, form: ToolSecretForm, change: bool
    ) -> None:
        changed = form.secret_fields.changed(form.cleaned_data)
        if changed is not None:
            obj.secrets = changed  # type: ignore[assignment]
            obj.set_by, obj.set_at = user_of(request), now()
        super().save_model(request, obj, form, change)
        look_soon(_users(obj))

    def delete_model(self, request: HttpRequest, obj: ToolSecret) -> None:
        super().delete_model(request, obj)
        look_soon(_users(obj))

    def consequence(self, row: ToolSecret) -> str:
        return f"Agents of {row.organization} use them from their next call."


def _users(row: ToolSecret) -> Iterable[int]:
    """The agents' tools that may be given them."""
    tools = AgentTool.objects.filter(
        platform_tool=row.platform_tool_id, agent__organization=row.organization_id
    )
    return tools.values_list("pk", flat=True)


def _about(row: ToolSecret | None) -> str:
    if row is None:
        return "Nobody can read them here once they are saved."
    said = BROKEN if Kept.of(row.secrets).is_broken else set_on(row.set_at, row.set_by)
    return format_html("Nobody can read them here. {}", said)
