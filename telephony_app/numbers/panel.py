"""An agent's telephone numbers on its page."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.admin_scope import user_of
from accounts.models import Role
from agents_app.admin import AgentAdmin
from agents_app.models import Agent


@AgentAdmin.register_panel
def numbers_panel(request: HttpRequest, agent: Agent) -> SafeString:
    """The section above the agent's form; one query, however many numbers."""
    may_change = user_of(request).has_role(
        Role.EDITOR, organization_id=agent.organization_id
    )
    context = {
        "agent": agent,
        "numbers": agent.phone_numbers.all(),
        "may_change": may_change,
    }
    return render_to_string("admin/telephony_app/agent/panel.html", context, request)
