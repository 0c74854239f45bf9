"""The admin pages of calls, numbers, Twilio accounts and workers, gathered for Django
to find."""

from django.urls import URLPattern, path

from agents_app.admin import AgentAdmin
from telephony_app.call_page import agent_columns
from telephony_app.call_page.admin import CallAdmin
from telephony_app.calls.talk import talk
from telephony_app.livekit.bridge_admin import BridgeAdmin
from telephony_app.livekit.worker_admin import WorkerAdmin
from telephony_app.numbers import panel as number_panel
from telephony_app.numbers.admin import NumberAdmin
from telephony_app.outbound import page as calling_page
from telephony_app.outbound.policy_admin import PolicyAdmin
from telephony_app.twilio.admin import AccountAdmin

__all__ = [
    "AccountAdmin",
    "BridgeAdmin",
    "CallAdmin",
    "NumberAdmin",
    "PolicyAdmin",
    "WorkerAdmin",
    "agent_columns",
    "calling_page",
    "number_panel",
]


@AgentAdmin.register_urls
def talk_urls(agent_admin: AgentAdmin) -> list[URLPattern]:
    """The Talk page hangs below its agent's."""
    view = agent_admin.admin_site.admin_view(talk)
    return [path("<int:agent_id>/talk/", view, name="talk")]
