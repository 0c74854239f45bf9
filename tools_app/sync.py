"""From the tools there are to the rows that staff see: registry and MCP servers.

Runs where the worker's libraries are installed: a command, Celery, after `migrate`.
"""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from tools_app.code_tools import compiled
from tools_app.descriptions import Changes, describe
from tools_app.models import Kind, PlatformTool
from tools_app.registry import Registry, ToolClass, metadata_of, schemas_of

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
