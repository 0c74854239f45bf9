"""Agents that have many tools, of each kind as staff or `sync_tools` make them."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Organization
from agents_app.models import Agent
from tools_app.base import (
    BaseConfig,
    BaseSensitiveConfig,
    BaseTool,
    RunContext,
    ToolMetadata,
)
from tools_app.code_tools.registry import registry
from tools_app.functions.descriptions import describe
from tools_app.functions.specs import FunctionSpec
from tools_app.models import AgentTool, Kind, PlatformTool

TOOLS, FUNCTIONS = 10, 4
URL = "https://desk.example.com/"
SECRETS = [{"name": "api_key", "place": "bearer"}]
PARAMETERS = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "Where"},
        "days": {"type": "integer", "description": "How many days ahead"},
    },
    "required": ["city"],
}
DEFINITIONS: dict[Kind, dict[str, Any]] = {
    Kind.CODE: {},
    Kind.MCP: {"url": URL, "secrets": SECRETS},
    Kind.HTTP: {
        "function": "look_up_0",
        "description": "Look something up.",
        "url": f"{URL}{{city}}",
        "query": {"days": "{days}"},
        "parameters": PARAMETERS,
        "secrets": SECRETS,
    },
}


class Desk(BaseTool):
    """A tool with settings, a secret and a few functions."""

    class Config(BaseConfig):
        """Where the desk is."""

        place: str = ""

    class SensitiveConfig(BaseSensitiveConfig):
        """What opens it."""

        api_key: str

    metadata = ToolMetadata(name="Desk")

    async def open(self, context: RunContext[Any], city: str, days: int = 1) -> str:
        """Look whether it is open."""
        return city

    async def price(self, context: RunContext[Any], city: str, days: int = 1) -> str:
        """Look what it costs."""
        return city

    async def weather(self, context: RunContext[Any], city: str, days: int = 1) -> str:
        """Look how the weather is."""
        return city

    async def way(self, context: RunContext[Any], city: str, days: int = 1) -> str:
        """Look where it is."""
        return city


def make_agent(name: str, kind: Kind) -> Agent:
    """An agent with many tools of one kind, each with a secret of its own."""
    organization = Organization.objects.create(name=name)
    agent = Agent.objects.create(organization=organization, name="Handy")
    agent.publish()
    for number in range(TOOLS):
        tool = _tool(organization, kind, f"{kind}_{number}")
        AgentTool.objects.create(
            agent=agent,
            platform_tool=tool,
            name=tool.key,
            config={"place": "Rome"} if kind == Kind.CODE else {},
            sensitive_config={"api_key": f"key-of-{tool.key}"},
        )
    return agent


def _tool(organization: Organization, kind: Kind, key: str) -> PlatformTool:
    if kind == Kind.CODE:
        registry().add(type(key, (Desk,), {"key": key}))
    tool = PlatformTool.objects.create(
        organization=organization,
        key=key,
        name=key,
        kind=kind,
        definition=DEFINITIONS[kind],
    )
    describe(tool, list(_specs(kind)))
    return tool


def _specs(kind: Kind) -> Iterator[FunctionSpec]:
    for place in range(1 if kind == Kind.HTTP else FUNCTIONS):
        yield FunctionSpec(f"look_up_{place}", "Look something up.", PARAMETERS)
