"""Whose numbers a page is about: an organization."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.admin_scope import user_of
from accounts.models import Organization, Role
from agents_app.models import Agent


def agent_of(request: HttpRequest) -> Agent | None:
    """The agent that the address names, which is to answer; None when it names none."""
    number = request.GET.get("agent", "")
    if not number:
        return None
    agents = Agent.objects.for_user(user_of(request), role=Role.EDITOR)
    return get_object_or_404(agents, pk=_id(number))


def organizations_of(request: HttpRequest, role: Role) -> list[Organization]:
    """The organization that the address names, or its agent's; else all in which the
    user has the role."""
    mine = Organization.objects.for_user(user_of(request), role=role)
    if agent := agent_of(request):
        return [get_object_or_404(mine, pk=agent.organization_id)]
    if named := request.GET.get("organization", ""):
        return [get_object_or_404(mine, pk=_id(named))]
    return list(mine.order_by("name"))


def may_spend(request: HttpRequest, organization: Organization) -> bool:
    """Whether the user may buy for the organization, and set up its account."""
    return user_of(request).has_role(Role.ADMIN, organization_id=organization.pk)


def _id(text: str) -> int:
    """An id from the address; what is none leads nowhere."""
    if not (text.isascii() and text.isdigit()):
        raise Http404
    return int(text)
