"""An agent's history: its versions, what changed in each, and the way back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from accounts.admin_scope import user_of
from agents_app.admin.hooks import Column, Hooks
from agents_app.admin.verbs import standing
from agents_app.differences import differences
from agents_app.models import Agent, AgentVersion
from agents_app.publishing import restore

PER_PAGE = 20


class VersionPages(Hooks, ModelAdmin):
    """The pages below an agent's own that show and restore its versions."""

    def get_urls(self) -> list[URLPattern]:
        restoring = self.admin_site.admin_view(self.restore_view)
        route = "<int:pk>/history/<int:number>/restore/"
        own: list[URLPattern] = super().get_urls()
        return [path(route, restoring, name="agents_app_agent_restore"), *own]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The versions, newest first, each with its changes against the one before."""
        agent = self._agent(request, object_id)
        versions = agent.versions.select_related("published_by")
        versions = Column.on(versions, self.version_columns)
        page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
        return self._page(
            request,
            agent,
            "history.html",
            title=f"History of {agent}",
            page_obj=page,
            rows=self._rows(list(page.object_list), agent),
            draft=self._draft(agent),
        )

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Ask whether to go back to a version, showing what changes; then do it."""
        agent = self._agent(request, str(pk))
        if not self.has_change_permission(request, agent):
            raise PermissionDenied
        version = get_object_or_404(agent.versions, number=number)
        if request.method == "POST":
            return self._restore(request, agent, version)
        return self._page(
            request,
            agent,
            "restore.html",
            title=f"Restore version {number} of {agent}",
            version=version,
            changes=differences(agent.values, version.values),
        )

    def _restore(
        self, request: HttpRequest, agent: Agent, version: AgentVersion
    ) -> HttpResponse:
        try:
            restore(agent, version, by=user_of(request))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect("admin:agents_app_agent_history", agent.pk)
        words = f"Version {version.number} is restored. {standing(agent)}"
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:agents_app_agent_change", agent.pk)

    def _agent(self, request: HttpRequest, pk: str) -> Agent:
        agent: Agent | None = self.get_object(request, pk)
        if agent is None:
            raise Http404
        return agent

    def _rows(self, versions: list[AgentVersion], agent: Agent) -> list[dict[str, Any]]:
        """Each version with its facts and its changes; the first has none."""
        if not versions:
            return []
        before = agent.versions.filter(number__lt=versions[-1].number).first()
        return [
            {
                "version": version,
                "facts": [column.of(version) for column in self.version_columns],
                "changes": differences(last.values, version.values) if last else None,
            }
            for version, last in zip(versions, [*versions[1:], before], strict=True)
        ]

    def _draft(self, agent: Agent) -> list[Any]:
        version = agent.published_version
        return differences(version.values, agent.values) if version else []

    def _page(
        self, request: HttpRequest, agent: Agent, template: str, **context: Any
    ) -> HttpResponse:
        everywhere = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": agent,
            "may_change": self.has_change_permission(request, agent),
        }
        return TemplateResponse(
            request, f"admin/agents_app/agent/{template}", everywhere | context
        )
