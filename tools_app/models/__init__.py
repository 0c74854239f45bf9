"""What an agent can do: tools, their functions, an agent's use of them, their calls."""

from tools_app.models.agent_tool import AgentTool, ToolSecret
from tools_app.models.health import Health
from tools_app.models.platform_tool import Kind, PlatformTool, ToolFunction
from tools_app.models.tool_call import Outcome, ToolCall
from tools_app.models.tool_trial import ToolTrial

__all__ = [
    "AgentTool",
    "Health",
    "Kind",
    "Outcome",
    "PlatformTool",
    "ToolCall",
    "ToolFunction",
    "ToolSecret",
    "ToolTrial",
]
