"""Tools in the admin: what there is, what agents have, secrets, calls of tools."""

from tools_app.admin import agent_panel, call_activities, new_agent
from tools_app.admin.agent_tools import AgentToolAdmin
from tools_app.admin.platform_tools import PlatformToolAdmin
from tools_app.admin.tool_calls import ToolCallAdmin
from tools_app.admin.tool_secrets import ToolSecretAdmin

__all__ = [
    "AgentToolAdmin",
    "PlatformToolAdmin",
    "ToolCallAdmin",
    "ToolSecretAdmin",
    "agent_panel",
    "call_activities",
    "new_agent",
]
