"""What one click does to an agent, on its page and in the list."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from accounts.admin_scope import user_of
from accounts.models import Role, User
from agents_app.duplicating import duplicate
from agents_app.models import Agent, AgentQuerySet
from agents_app.publishing import publish


def standing(agent: Agent) -> str:
    """What callers hear of the agent now, in a sentence or two."""
    version = agent.published_version
    if version is None:
        return "Nobody can call it until you publish it."
    hears = f"Callers hear version {version.number} from their next call."
    if agent.has_draft:
        hears = f"Callers still hear version {version.number} until you publish."
    return hears if agent.is_active else f"{hears} It is inactive: activate it too."


def _publish(agent: Agent, by: User) -> Agent:
    agent.full_clean()
    publish(agent, by=by)
    return agent


def _discard(agent: Agent, by: User) -> Agent:
    agent.discard_draft()
    return agent


def _switch(agent: Agent, *, on: bool) -> Agent:
    Agent.objects.filter(pk=agent.pk).switch(on=on)
    agent.refresh_from_db()
    return agent


VERBS: dict[str, tuple[str, Callable[[Agent, User], Agent]]] = {
    "publish": ("Published.", _publish),
    "discard": ("The draft is discarded.", _discard),
    "duplicate": ("This is the copy.", lambda agent, by: duplicate(agent)),
    "activate": ("Activated.", lambda agent, by: _switch(agent, on=True)),
    "deactivate": (
        "Deactivated: callers hear that it is unavailable.",
        lambda agent, by: _switch(agent, on=False),
    ),
}


class Verbs(ModelAdmin):
    """The buttons of an agent's page and the actions of the list."""

    actions = ["duplicate_selected", "activate_selected", "deactivate_selected"]

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act))
        own: list[URLPattern] = super().get_urls()
        return [path("<int:pk>/do/<slug:verb>/", act, name="agents_app_agent_do"), *own]

    def act(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Do what a button says, and show the agent that comes of it."""
        agent = self.get_object(request, str(pk))
        if agent is None or verb not in VERBS:
            raise Http404
        if not self.has_change_permission(request, agent):
            raise PermissionDenied
        done, do = VERBS[verb]
        try:
            agent = do(agent, user_of(request))
            words = done if verb == "deactivate" else f"{done} {standing(agent)}"
            self.message_user(request, words, messages.SUCCESS)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return redirect("admin:agents_app_agent_change", agent.pk)

    @admin.action(description="Duplicate", permissions=["change"])
    def duplicate_selected(self, request: HttpRequest, agents: AgentQuerySet) -> None:
        """Copy each, inactive and under a free name."""
        copies = [duplicate(agent) for agent in self._mine(request, agents)]
        self._tell(request, len(copies), "%d copy made", "%d copies made")
        for copy in copies:
            self._warn(request, copy)

    @admin.action(description="Activate", permissions=["change"])
    def activate_selected(self, request: HttpRequest, agents: AgentQuerySet) -> None:
        """Let each take calls."""
        changed = self._mine(request, agents).switch(on=True)
        self._tell(request, changed, "%d agent activated", "%d agents activated")

    @admin.action(description="Deactivate", permissions=["change"])
    def deactivate_selected(self, request: HttpRequest, agents: AgentQuerySet) -> None:
        """Let none of them take calls."""
        changed = self._mine(request, agents).switch(on=False)
        self._tell(request, changed, "%d agent deactivated", "%d agents deactivated")

    def _mine(self, request: HttpRequest, agents: AgentQuerySet) -> AgentQuerySet:
        """Those that the user may change: a list may hold others that he only sees."""
        editable = Agent.objects.for_user(user_of(request), role=Role.EDITOR)
        return editable.filter(pk__in=agents.values("pk"))

    def _warn(self, request: HttpRequest, agent: Agent) -> None:
        """Say what hinders publishing the agent, if anything does."""
        try:
            agent.full_clean()
        except ValidationError as error:
            words = f"{agent} cannot be published as it is: {' '.join(error.messages)}"
            self.message_user(request, words, messages.WARNING)

    def _tell(self, request: HttpRequest, count: int, one: str, many: str) -> None:
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, ngettext(one, many, count) % count + ".", level)
