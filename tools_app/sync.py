"""From the tools there are to the rows that staff see: registry and MCP servers.

Runs where the worker's libraries are installed: a command, after `migrate`, and for MCP
servers Celery.
"""

import asyncio
import logging
from collections import ChainMap
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from sealed.keys import SealBroken
from tools_app.code_tools.compiling import compiled
from tools_app.code_tools.registry import Registry, ToolClass, metadata_of, schemas_of
from tools_app.errors import ToolError
from tools_app.functions.descriptions import Changes, describe
from tools_app.functions.specs import FunctionSpec
from tools_app.mcp.tool import list_functions
from tools_app.models import AgentTool, Health, Kind, PlatformTool
from tools_app.running.looking import look_at

log = logging.getLogger(__name__)

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
            look_at(AgentTool.objects.filter(platform_tool=tool))
            yield tool, changes
    if not registry.mistakes:
        yield from _mark_gone(registry)


def sync_mcp_servers(servers: QuerySet[PlatformTool] | None = None) -> Changed:
    """Ask MCP servers for their functions, some at once; gives each that changed.

    One that does not answer is marked as not working, and keeps its functions. What one
    says is written while others are waited for, and those that were not looked at for
    longest come first: whoever is stopped half-way leaves nobody behind for good.
    """
    every = PlatformTool.objects.filter(kind=Kind.MCP, removed_at__isnull=True)
    longest_ago = F("checked_at").asc(nulls_first=True)
    chosen = every.order_by(longest_ago) if servers is None else servers
    for tool, answer in _answers(chosen):
        if changes := _write(tool, answer):
            yield tool, changes


def _write(tool: PlatformTool, answer: Listing) -> Changes:
    """Write what a server has, or why that is not known; gives what changed."""
    changes = Changes()
    try:
        if not isinstance(answer, str):
            changes, answer = describe(tool, answer), ""
    except Exception as error:  # The other servers are not kept from being written.
        log.exception("The functions of tool %s were not written", tool.pk)
        answer = f"Its functions cannot be written: {type(error).__name__}."
    tool.note_health(Health.BAD if answer else Health.GOOD, answer)
    return changes


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


def _answers(tools: Iterable[PlatformTool]) -> Iterator[tuple[PlatformTool, Listing]]:
    """Each server with what it has, or why that is not known, as the answers come."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked = {
            threads.submit(_ask, tool.definition, _secrets_of(tool)): tool
            for tool in tools
        }
        for answer in as_completed(asked):
            yield asked[answer], answer.result()


def _ask(definition: dict[str, Any], secrets: Secrets) -> Listing:
    """In a thread of its own, because writing what another one said takes time."""
    if isinstance(secrets, str):
        return secrets
    return asyncio.run(_listed(definition, secrets))


async def _listed(definition: dict[str, Any], secrets: dict[str, Any]) -> Listing:
    """The functions of a server; in words for staff why they cannot be had."""
    try:
        return await list_functions(definition, secrets)
    except ToolError as error:
        return error.detail or error.words
    except Exception as error:  # noqa: BLE001  A server may answer anything.
        return f"Its functions cannot be listed: {type(error).__name__}."


def _secrets_of(tool: PlatformTool) -> Secrets:
    """What a server of an organization is asked with: the organization's secrets, and
    what it has not, from the first agent that has its own. Everybody's server is asked
    without: no organization's secrets are spent for others."""
    if tool.organization_id is None:
        return {}
    theirs = tool.secrets.filter(organization=tool.organization_id)
    own = (row.sensitive_config for row in tool.agent_tools.all())
    sealed = [*(row.secrets for row in theirs), next(filter(None, own), None)]
    try:
        return dict(ChainMap(*(found.reveal() for found in sealed if found)))
    except SealBroken as error:
        return str(error)
