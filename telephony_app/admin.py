"""The admin pages of calls, workers and talking, gathered for Django to find."""

from django.urls import URLPattern, path

from agents_app.admin import AgentAdmin
from telephony_app import agent_columns, calling_page, number_panel
from telephony_app.account_admin import AccountAdmin
from telephony_app.bridge_admin import BridgeAdmin
from telephony_app.call_admin import CallAdmin
from telephony_app.number_admin import NumberAdmin
from telephony_app.policy_admin import PolicyAdmin
from telephony_app.talk import talk
from telephony_app.worker_admin import WorkerAdmin

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
