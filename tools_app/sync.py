"""From the tools there are to the rows that staff see: registry and MCP servers.

Runs where the worker's libraries are installed: a command, after `migrate`, and for MCP
servers Celery.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from sealed.handle import Sealed
from sealed.keys import SealBroken
from tools_app.compiling import compiled
from tools_app.descriptions import Changes, describe
from tools_app.errors import ToolError
from tools_app.mcp_tool import list_functions
from tools_app.models import Health, Kind, PlatformTool
from tools_app.registry import Registry, ToolClass, metadata_of, schemas_of
from tools_app.specs import FunctionSpec

AT_ONCE = 10

# In words for staff, when they cannot be had.
Listing = list[FunctionSpec] | str
Secrets = dict[str, Any] | str
Changed = Iterator[tuple[PlatformTool, Changes]]


def sync_code_tools(registry: Registry) -> Changed:
    """Write the Python tools; gives each that changed, and how.

    While a tool of the registry has a mistake, none is marked as gone: the missing one
    may be the one that could not be read.
    """
    for key, tool_class in registry.tools.items():
        tool, _ = PlatformTool.objects.get_or_create(
            organization=None, key=key, defaults={"name": key, "kind": Kind.CODE}
        )
        specs = [function.spec for function in compiled(tool_class).values()]
        if changes := describe(tool, specs, **_columns(tool_class)):
            yield tool, changes
    if not registry.mistakes:
        yield from _mark_gone(registry)


def sync_mcp_servers(servers: QuerySet[PlatformTool] | None = None) -> Changed:
    """Ask MCP servers for their functions, all at once; gives each that changed.

    One that does not answer is marked as not working, and keeps its functions.
    """
    chosen = PlatformTool.objects.filter(kind=Kind.MCP, removed_at__isnull=True)
    tools = list(chosen if servers is None else servers)
    answers = asyncio.run(_answers(tools, [_secrets_of(tool) for tool in tools]))
    for tool, answer in zip(tools, answers, strict=True):
        if isinstance(answer, str):
            tool.note_health(Health.BAD, answer)
            continue
        changes = describe(tool, answer)
        tool.note_health(Health.GOOD)
        if changes:
            yield tool, changes


def _columns(tool_class: ToolClass) -> dict[str, Any]:
    """What its author says of a tool, by the columns of `PlatformTool`."""
    config_schema, sensitive_schema = schemas_of(tool_class)
    return {
        **metadata_of(tool_class).model_dump(),
        "kind": Kind.CODE,
        "config_schema": config_schema,
        "sensitive_schema": sensitive_schema,
        "removed_at": None,
    }


def _mark_gone(registry: Registry) -> Changed:
    """Mark the Python tools that are not installed any more; agents keep their rows."""
    code = PlatformTool.objects.filter(kind=Kind.CODE, removed_at__isnull=True)
    for tool in code.exclude(key__in=registry.tools):
        tool.removed_at = tool.changed_at = timezone.now()
        tool.save(update_fields=["removed_at", "changed_at"])
        yield tool, Changes(removed=["the whole tool"])


async def _answers(
    tools: Sequence[PlatformTool], secrets: Sequence[Secrets]
) -> list[Listing]:
    """What each server has, or why it is not known."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(tool: PlatformTool, known: Secrets) -> Listing:
        async with gate:
            return known if isinstance(known, str) else await _listed(tool, known)

    return list(await asyncio.gather(*map(ask, tools, secrets)))


async def _listed(tool: PlatformTool, secrets: dict[str, Any]) -> Listing:
    """The functions of a server; in words for staff why they cannot be had."""
    try:
        return await list_functions(tool.definition, secrets)
    except ToolError as error:
        return error.detail or error.words
    except Exception as error:  # noqa: BLE001  A server may answer anything.
        return f"Its functions cannot be listed: {type(error).__name__}."


def _secrets_of(tool: PlatformTool) -> Secrets:
    """What a server of an organization is asked with: the organization's secrets, else
    those of an agent. Everybody's server is asked without: no organization's secrets
    are spent for others."""
    if tool.organization_id is None:
        return {}
    theirs = tool.secrets.filter(organization=tool.organization_id)
    sealed: list[Sealed] = [row.secrets for row in theirs]
    sealed += [row.sensitive_config for row in tool.agent_tools.all()]
    try:
        return next((found.reveal() for found in sealed if found), {})
    except SealBroken as error:
        return str(error)
