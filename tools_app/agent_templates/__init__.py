"""Agents to start from: a prompt in sections, a greeting, and the tools they work with.

One TOML file each. `{business}` is filled in once, when the agent is made; the places
in brackets are for staff to fill in.
"""

import tomllib
from functools import cache
from pathlib import Path

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from accounts.models import Organization
from agents_app.models import Agent
from tools_app.models import AgentTool, PlatformTool

FOLDER = Path(__file__).parent
# How a place begins that staff fill in before callers should hear the agent.
PLACE = "[Write here"


class Sections(BaseModel):
    """The prompt's sections, in the order in which the model reads them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    style: str
    flow: str
    knowledge: str = Field(title="What you know")
    tools: str
    guardrails: str

    def __str__(self) -> str:
        parts = [
            f"# {field.title or name.capitalize()}\n{getattr(self, name).strip()}"
            for name, field in type(self).model_fields.items()
        ]
        return "\n\n".join(parts) + "\n"


class WantedTool(BaseModel):
    """A tool that the agent gets where the platform has it, and what for.

    Without `functions` it gets all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    why: str
    functions: frozenset[str] = frozenset()


class AgentTemplate(BaseModel):
    """An agent to start from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str
    icon: str
    greeting: str
    prompt: Sections
    tools: tuple[WantedTool, ...]


@cache
def agent_templates() -> dict[str, AgentTemplate]:
    """All of them, by the names of their files."""
    files = sorted(FOLDER.glob("*.toml"))
    return {f.stem: AgentTemplate(**tomllib.loads(f.read_text())) for f in files}


@transaction.atomic
def make_agent(
    template: AgentTemplate, *, organization: Organization, name: str, business: str
) -> Agent:
    """A new agent with its tools, unpublished: staff fill in the places first.

    Raises `ValidationError` when the organization has an agent of this name.
    """
    agent = Agent(
        organization=organization,
        name=name,
        description=template.description,
        greeting=template.greeting.replace("{business}", _plain(business)),
        system_prompt=_filled(str(template.prompt), name=name, business=business),
    )
    agent.full_clean()
    agent.save()
    _give_tools(agent, template)
    return agent


def _filled(text: str, *, name: str, business: str) -> str:
    return text.replace("{business}", business).replace("{agent_name}", name)


def _plain(business: str) -> str:
    """As a spoken line writes a name that has braces in it."""
    return business.replace("{", "{{").replace("}", "}}")


def _give_tools(agent: Agent, template: AgentTemplate) -> None:
    found = available(template, agent.organization_id)
    for position, wanted in enumerate(template.tools):
        if tool := found.get(wanted.key):
            AgentTool.objects.create(
                agent=agent,
                platform_tool=tool,
                name=tool.key[:40],
                unselected_functions=_unselected(tool, wanted),
                position=position,
            )


def available(template: AgentTemplate, organization_id: int) -> dict[str, PlatformTool]:
    """The template's tools that the organization has, by key; its own before
    everybody's."""
    keys = [wanted.key for wanted in template.tools]
    tools = PlatformTool.objects.usable_in(organization_id).filter(key__in=keys)
    ordered = sorted(tools, key=lambda tool: tool.organization_id is not None)
    return {tool.key: tool for tool in ordered}


def _unselected(tool: PlatformTool, wanted: WantedTool) -> list[str]:
    if not wanted.functions:
        return []
    names = tool.functions.values_list("name", flat=True)
    return [name for name in names if name not in wanted.functions]
