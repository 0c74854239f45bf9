"""Agents in the admin: the list, the form, and where its parts are."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from unfold.decorators import display

from accounts.admin_scope import ScopedFilter, user_of
from accounts.owned_admin import OwnedAdmin
from agents_app.admin.hooks import Column
from agents_app.admin.verbs import Verbs, standing
from agents_app.admin.versions import VersionPages
from agents_app.forms import AgentForm
from agents_app.links import talk_url
from agents_app.meanwhile import STAMP
from agents_app.models import Agent, AgentQuerySet, Status
from agents_app.publishing import publish
from agents_app.views import voice_sample

SCOPED = ("organization", ScopedFilter)


@admin.register(Agent)
class AgentAdmin(VersionPages, Verbs, OwnedAdmin):
    """Agents: saving publishes, *Save as draft* does not."""

    form = AgentForm
    search_fields = ["name", "description", "system_prompt"]
    list_display_links = ["named"]
    list_per_page = 50
    warn_unsaved_form = True
    fieldsets = [
        (
            "Identity",
            {"fields": ["organization", "name", "description", "is_active", STAMP]},
        ),
        ("Prompt", {"fields": ["system_prompt", "variables"]}),
        (
            "Voice and model",
            {"fields": ["voice", "language", "model", "temperature"]},
        ),
        (
            "Spoken lines",
            {
                "description": "Sentences that are spoken exactly as written, from "
                "audio made ahead. {agent_name} becomes the agent's name, and each "
                "variable its value.",
                "fields": [
                    "greeting",
                    "filler",
                    "silence_question",
                    "farewell",
                    "unavailable_message",
                    "resume_message",
                    "busy_message",
                    "closed_message",
                    "voicemail_message",
                ],
            },
        ),
        ("Recording", {"fields": ["record_calls", "recording_notice"]}),
        ("Limits", {"fields": ["max_call_seconds", "silence_seconds"]}),
    ]

    class Media:
        css = {"all": ["admin/agent.css"]}
        js = ["admin/agent.js"]

    def get_urls(self) -> list[URLPattern]:
        sample = self.admin_site.admin_view(voice_sample)
        own: list[URLPattern] = super().get_urls()
        return [
            path("voice-sample/", sample, name="agents_app_agent_voice_sample"),
            *own,
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        agents = cast(AgentQuerySet, super().get_queryset(request))
        agents = agents.marked_for(user_of(request)).select_related(
            "organization", "published_version__published_by"
        )
        return Column.on(agents, self.columns)

    # The list

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        place = [] if user_of(request).only_organization else ["organization"]
        cells = [column.cell for column in self.columns]
        return ["named", "badge", *place, "voice", "version", *cells, "talk"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        place = [] if user_of(request).only_organization else [SCOPED]
        return ["is_active", "language", "model", *place]

    @display(description="Agent", ordering="name")
    def named(self, agent: Agent) -> str:
        """The name, and under it what the agent is for."""
        return format_html(
            "<strong>{}</strong><small>{}</small>", agent.name, agent.description
        )

    @display(
        description="Status",
        label={
            Status.ACTIVE: "success",
            Status.DRAFT: "info",
            Status.INACTIVE: "warning",
            Status.UNPUBLISHED: "danger",
        },
    )
    def badge(self, agent: Agent) -> tuple[str, str]:
        """Where the agent stands."""
        return agent.status.value, str(agent.status.label)

    @display(description="Version", ordering="published_version__number")
    def version(self, agent: Agent) -> int | None:
        """What callers hear."""
        return agent.published_version.number if agent.published_version else None

    @display(description="")
    def talk(self, agent: Any) -> str:
        """The way to a conversation, for those who may try the agent out."""
        url = talk_url(agent) if agent.may_change else ""
        return format_html('<a class="talk" href="{}">Talk</a>', url) if url else ""

    # The form

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        agent = context.get("original")
        panels = [panel(request, agent) for panel in self.panels] if agent else []
        page: HttpResponse = super().render_change_form(
            request, context | {"panels": panels}, *args, **kwargs
        )
        return page

    def save_model(
        self, request: HttpRequest, obj: Agent, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if "_draft" not in request.POST:
            publish(obj, by=user_of(request))

    def saved(self, request: HttpRequest, row: Agent) -> HttpResponse:
        how = "Saved as a draft" if "_draft" in request.POST else "Saved"
        self.message_user(request, f"{how}. {standing(row)}", messages.SUCCESS)
        return redirect("admin:agents_app_agent_change", row.pk)
