"""*Call a number*: staff let an agent call somebody, and watch the call."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts.admin_scope import user_of
from accounts.models import Role
from agents_app.admin import AgentAdmin
from agents_app.models import Agent
from telephony_app.calls.opening import CallRefused
from telephony_app.models import Call, PhoneNumber
from telephony_app.outbound.calling import call_out, published_config
from telephony_app.outbound.form import CallForm
from telephony_app.outbound.rules import NO_TRUNK, NotAllowed, can_call_out, policy_of

NO_NUMBER = "There is no number to call from. Connect one under Numbers."


@AgentAdmin.register_urls
def calling_urls(agent_admin: AgentAdmin) -> list[URLPattern]:
    """The page hangs below its agent's."""

    def view(request: HttpRequest, agent_id: int) -> HttpResponse:
        return call_a_number(agent_admin, request, agent_id)

    wrapped = agent_admin.admin_site.admin_view(view)
    return [path("<int:agent_id>/call/", wrapped, name="call_a_number")]


def call_a_number(
    agent_admin: AgentAdmin, request: HttpRequest, agent_id: int
) -> HttpResponse:
    """The form; once sent, the call's page. For editors, since a call costs money."""
    user = user_of(request)
    agents = Agent.objects.select_related("organization", "published_version")
    agent = get_object_or_404(agents.for_user(user), pk=agent_id)
    if not user.has_role(Role.EDITOR, organization_id=agent.organization_id):
        raise PermissionDenied("Calling a number needs the role editor.")
    if obstacle := _obstacle(agent):
        return _page(agent_admin, request, agent, obstacle=obstacle)
    sent = request.POST if request.method == "POST" else None
    form = CallForm(agent, published_config(agent), sent)
    call = _call(request, form) if form.is_valid() else None
    if call:
        return redirect("admin:telephony_app_call_change", call.pk)
    return _page(agent_admin, request, agent, form=form)


def _obstacle(agent: Agent) -> str:
    """Why the agent can call nobody at all, with what to do; empty when it can."""
    try:
        published_config(agent)
        policy_of(agent.organization)
    except (NotAllowed, CallRefused) as refused:
        return str(refused)
    numbers = PhoneNumber.objects.active().filter(organization=agent.organization)
    if not numbers.exists():
        return NO_NUMBER
    return "" if can_call_out(agent.organization) else NO_TRUNK


def _call(request: HttpRequest, form: CallForm) -> Call | None:
    """The call; None when it was refused, with the words in the form or above it."""
    try:
        return call_out(form.order(user_of(request)))
    except NotAllowed as refused:
        form.refuse(refused)
    except CallRefused as refused:
        messages.error(request, refused.words)
    return None


def _page(
    agent_admin: AgentAdmin, request: HttpRequest, agent: Agent, **context: Any
) -> HttpResponse:
    everywhere = agent_admin.admin_site.each_context(request) | {
        "title": f"{agent.name} calls",
        "opts": agent_admin.opts,
        "original": agent,
        "agent": agent,
    }
    return TemplateResponse(
        request, "admin/telephony_app/agent/call.html", everywhere | context
    )
