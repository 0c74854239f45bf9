"""The Talk page: a call with an agent from the admin, by microphone or typed."""

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import Role, User
from agents_app.models import Agent
from telephony_app.calls.phrases import things_to_say


def talk(request: HttpRequest, agent_id: int) -> HttpResponse:
    """The page for one agent; editors and above, since a call costs money."""
    user = cast(User, request.user)
    agents = Agent.objects.select_related("published_version")
    agent = get_object_or_404(agents.for_user(user), pk=agent_id)
    if not Agent.objects.for_user(user, role=Role.EDITOR).filter(pk=agent_id).exists():
        raise PermissionDenied("Talking with an agent needs the role editor.")
    context = {**admin.site.each_context(request), **page_of(agent)}
    return render(request, "talk/page.html", context)


def page_of(agent: Agent) -> dict[str, Any]:
    """What the page shows of the agent, and what its script needs."""
    return {
        "title": f"Talk with {agent.name}",
        "opts": agent._meta,
        "original": agent,
        "agent": agent,
        "agent_url": reverse("admin:agents_app_agent_change", args=[agent.pk]),
        "has_draft": agent.has_draft,
        "phrases": things_to_say(agent),
        "talk": {
            "agent_id": agent.pk,
            "agent_name": agent.name,
            "ready": agent.is_active and agent.published_version is not None,
            "session_url": reverse("voice-session"),
            "calls_url": reverse("voice-session").replace("voice/session", "calls/"),
            "call_pages_url": reverse("admin:telephony_app_call_changelist"),
        },
    }
