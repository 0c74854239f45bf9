"""The pages around an agent's tool: choosing one for an agent, and trying it out."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from unfold.admin import ModelAdmin

from accounts.admin_scope import user_of
from accounts.models import Role
from agents_app.models import Agent
from telephony_app.fragments import fragment
from tools_app.admin.looking import looking
from tools_app.admin.trial import TrialForm, TrialView, begin
from tools_app.models import AgentTool, PlatformTool, ToolTrial

FOLDER = "admin/tools_app/agenttool"


class AgentToolPages(ModelAdmin):
    """What `AgentToolAdmin` shows besides its list and its form."""

    def get_urls(self) -> list[URLPattern]:
        wrap, own = self.admin_site.admin_view, super().get_urls()
        trial, report = wrap(self.trial_view), fragment(wrap(self.report_view))
        part = fragment(wrap(self.standing_view))
        return [
            path("<int:pk>/standing/", part, name="tools_app_agenttool_standing"),
            path("<int:pk>/test/", trial, name="tools_app_agenttool_test"),
            path("<int:pk>/test/<int:trial>/", report, name="tools_app_tooltrial"),
            *own,
        ]

    # Choosing

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First the tool, then its form."""
        if "agent" not in request.GET:
            return redirect("admin:agents_app_agent_changelist")
        if "tool" not in request.GET:
            return self._choose(request, self._agent(request))
        agent, tool = self.chosen(request)
        context = {"title": f"Give {agent} the tool {tool}", "agent": agent}
        page: HttpResponse = super().add_view(request, form_url, context)
        return page

    def chosen(self, request: HttpRequest) -> tuple[Agent, PlatformTool]:
        """The agent and the tool that the address names; none that is not theirs."""
        agent = self._agent(request)
        usable = PlatformTool.objects.usable_in(agent.organization_id)
        return agent, get_object_or_404(usable, pk=_number(request.GET.get("tool")))

    def _agent(self, request: HttpRequest) -> Agent:
        agents = Agent.objects.for_user(user_of(request), role=Role.EDITOR)
        return get_object_or_404(agents, pk=_number(request.GET.get("agent")))

    def _choose(self, request: HttpRequest, agent: Agent) -> HttpResponse:
        there = Q(functions__removed_at=None)
        usable = PlatformTool.objects.usable_in(agent.organization_id)
        return self.page(
            request,
            "choose.html",
            title=f"Add a tool to {agent}",
            agent=agent,
            tools=usable.annotate(function_count=Count("functions", filter=there)),
            in_use=set(agent.tools.values_list("platform_tool_id", flat=True)),
            more=reverse("admin:tools_app_platformtool_changelist"),
        )

    # Looking

    def standing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of a tool's page that changes while Celery looks at it."""
        row: AgentTool | None = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        return self.page(
            request,
            "standing.html",
            original=row,
            has_change_permission=self.has_change_permission(request, row),
            **looking(request, row.looked_at),
        )

    # Trying out

    @method_decorator(sensitive_post_parameters())
    def trial_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose a function and its arguments, and run it with the real secrets."""
        row = self._editable(request, pk)
        name = request.GET.get("function", "")
        sent = request.POST if request.method == "POST" else None
        form = TrialForm.of(row, name, sent)
        if not form.is_valid():
            return self._trial_page(request, row, form)
        # No redirect: what was typed stays, for another try with a small change.
        view = TrialView(begin(row, form, by=user_of(request)))
        return self._trial_page(request, row, form, view=view)

    def report_view(self, request: HttpRequest, pk: int, trial: int) -> HttpResponse:
        """How a test goes; the page asks for this part again until it is over."""
        row = self._editable(request, pk)
        found = get_object_or_404(ToolTrial, agent_tool=row, pk=trial)
        return self.page(request, "report.html", original=row, view=TrialView(found))

    def _trial_page(
        self, request: HttpRequest, row: AgentTool, form: TrialForm, **more: Any
    ) -> HttpResponse:
        title = f"Test {row.platform_tool} of {row.agent}"
        return self.page(
            request, "test.html", title=title, original=row, form=form, **more
        )

    def _editable(self, request: HttpRequest, pk: int) -> AgentTool:
        row: AgentTool | None = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied("Testing a tool needs the role editor.")
        return row

    def page(
        self, request: HttpRequest, template: str, **context: Any
    ) -> TemplateResponse:
        """One of the pages, with what every admin page has."""
        everywhere = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"{FOLDER}/{template}", everywhere | context)


def _number(text: str | None) -> int:
    """An id from the address; what is none finds nothing."""
    return int(text) if text and text.isascii() and text.isdigit() else 0
