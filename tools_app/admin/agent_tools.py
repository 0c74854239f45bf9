"""An agent's tool in the admin: its settings, its secrets, its functions, its test."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.debug import sensitive_post_parameters
from unfold.decorators import display

from accounts.admin_scope import ScopedAdmin, ScopedFilter, user_of
from accounts.models import Role
from telephony_app.waiting import while_waiting
from tools_app.admin.agent_tool_form import AgentToolForm, agent_tool_form
from tools_app.admin.agent_tool_pages import AgentToolPages
from tools_app.admin.agent_tool_subject import Subject
from tools_app.admin.functions import functions_list
from tools_app.admin.looking import look_soon, looking
from tools_app.admin.secret_fields import BROKEN, set_on
from tools_app.badges import HEALTH_COLOURS
from tools_app.models import AgentTool
from tools_app.schema_forms.widgets import as_json

LIMITS = ["timeout_seconds", "max_per_call", "max_per_minute"]


@admin.register(AgentTool)
class AgentToolAdmin(AgentToolPages, ScopedAdmin):
    """Editors give agents tools, set them up, and take them away."""

    delete_role = Role.EDITOR
    list_display = ["named", "of_agent", "health_label", "is_active", "checked_at"]
    list_display_links = ["named"]
    list_filter = [("platform_tool", ScopedFilter), "health", "is_active"]
    search_fields = ["name", "platform_tool__name", "agent__name"]
    ordering = ["agent__name", "position", "pk"]
    warn_unsaved_form = True
    actions = None

    # The list

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("agent", "platform_tool", "secrets_set_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """From an agent's page; the list knows no agent."""
        return bool(super().has_add_permission(request)) and "agent" in request.GET

    @display(description="Tool", ordering="name")
    def named(self, row: AgentTool) -> str:
        words = "<strong>{}</strong><small>{}</small>"
        return format_html(words, row.platform_tool.name, row.name)

    @display(description="Agent", ordering="agent__name")
    def of_agent(self, row: AgentTool) -> str:
        return str(row.agent)

    @display(description="Health", label=HEALTH_COLOURS)
    def health_label(self, row: AgentTool) -> tuple[str, str]:
        return row.health, row.get_health_display()

    # The form

    @method_decorator(sensitive_post_parameters())
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def subject(self, request: HttpRequest, row: AgentTool | None) -> Subject:
        """What the page is about, read once per request."""
        known: Subject | None = getattr(request, "tool_subject", None)
        if known is None:
            known = self._subject_of(request, row)
            request.tool_subject = known  # type: ignore[attr-defined]
        return known

    def _subject_of(self, request: HttpRequest, row: AgentTool | None) -> Subject:
        if row:
            return Subject(row.agent, row.platform_tool, row)
        agent, tool = self.chosen(request)
        return Subject(agent, tool)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        subject = self.subject(request, obj)
        if obj and not self.has_change_permission(request, obj):
            shown = [("Settings", ["settings"]), ("Functions", ["functions_shown"])]
        else:
            shown = [
                ("Settings", list(subject.config.properties)),
                ("Secrets", list(subject.secrets.fields)),
                ("Functions", ["functions"]),
            ]
        parts = [("Use", ["name", "is_active"]), *shown, ("Limits", LIMITS)]
        return [
            (title, {"fields": fields, "description": self._about(title, subject)})
            for title, fields in parts
            if fields
        ]

    def _about(self, title: str, subject: Subject) -> str:
        if title == "Functions":
            return "What the model may call. Untick what this agent should not do."
        if title != "Secrets":
            return ""
        row = subject.row
        kept = subject.secrets.kept
        said = set_on(row.secrets_set_at, row.secrets_set_by) if row else ""
        words = BROKEN if kept.is_broken else said and f"{said}."
        return format_html("Nobody can read them here once they are saved. {}", words)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        may_change = obj is None or self.has_change_permission(request, obj)
        return [] if may_change else ["settings", "functions_shown"]

    @display(description="Settings")
    def settings(self, row: AgentTool) -> str:
        """What differs from the tool's defaults, for those who only look."""
        if not row.config:
            return "As the tool comes."
        return format_html('<pre class="tool-json">{}</pre>', as_json(row.config))

    @display(description="Functions")
    def functions_shown(self, row: AgentTool) -> SafeString:
        """The functions, for those who only look."""
        subject = Subject(row.agent, row.platform_tool, row)
        return functions_list(subject.offers, ticked=subject.ticked)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj and not self.has_change_permission(request, obj):
            return super().get_form(request, obj, **kwargs)
        kwargs["form"] = agent_tool_form(self.subject(request, obj))
        return super().get_form(request, obj, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        looks = looking(request, row.looked_at) if row else {}
        page: HttpResponse = super().render_change_form(
            request, context | looks, *args, **kwargs
        )
        return page

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        agent, tool = self.chosen(request)
        taken = set(agent.tools.values_list("name", flat=True))
        stem = tool.key[:36]
        names = [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))]
        return {"name": next(name for name in names if name not in taken)}

    def save_model(
        self, request: HttpRequest, obj: AgentTool, form: AgentToolForm, change: bool
    ) -> None:
        changed = form.subject.secrets.changed(form.cleaned_data)
        if changed is not None:
            obj.sensitive_config = changed  # type: ignore[assignment]
            obj.secrets_set_by, obj.secrets_set_at = user_of(request), now()
        if not change:
            obj.position = obj.agent.tools.count()
        if form.remakes_tool:
            obj.looked_at = None
        super().save_model(request, obj, form, change)
        if obj.is_unseen:
            look_soon([obj.pk])

    def response_change(self, request: HttpRequest, obj: AgentTool) -> HttpResponse:
        return self._saved(request, obj)

    def response_add(
        self, request: HttpRequest, obj: AgentTool, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._saved(request, obj)

    def _saved(self, request: HttpRequest, row: AgentTool) -> HttpResponse:
        when = "has it from its next call" if row.is_active else "does not use it"
        words = f"Saved. {row.agent} {when}. Press Test to try it now."
        self.message_user(request, words, messages.SUCCESS)
        page = reverse("admin:tools_app_agenttool_change", args=[row.pk])
        return redirect(while_waiting(page) if row.is_unseen else page)

    def delete_model(self, request: HttpRequest, obj: AgentTool) -> None:
        request.left_agent = obj.agent_id  # type: ignore[attr-defined]
        super().delete_model(request, obj)

    def response_delete(
        self, request: HttpRequest, obj_display: str, obj_id: int
    ) -> HttpResponse:
        """Back to the agent, who has one tool fewer."""
        self.message_user(request, f"{obj_display} was removed.", messages.SUCCESS)
        agent_id = request.left_agent  # type: ignore[attr-defined]
        return redirect(reverse("admin:agents_app_agent_change", args=[agent_id]))
