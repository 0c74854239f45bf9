"""What a tool looks like now, and writing it into the rows that staff see.

The web process uses it too, for tools that staff describe in a form: no LiveKit here.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from tools_app.functions.declarations import Rejected, declare
from tools_app.functions.specs import FunctionSpec
from tools_app.models import PlatformTool, ToolFunction
from tools_app.storable import storable

# What the model would refuse may be even longer.
MOST_NAME = 128


@dataclass(frozen=True)
class FunctionRow:
    """The columns of a `ToolFunction` that its tool decides."""

    name: str
    description: str
    parameters: dict[str, Any]
    is_side_effect: bool
    is_presumed: bool
    is_cacheable: bool
    secret_parameters: list[str]
    rejection: str
    position: int

    @classmethod
    def of(cls, spec: FunctionSpec, position: int) -> "FunctionRow":
        """As the model would be told; why not, when it would refuse."""
        return cls(
            name=storable(spec.name)[:MOST_NAME],
            description=storable(spec.description),
            parameters=dict(spec.parameters),
            is_side_effect=spec.is_side_effect,
            is_presumed=spec.is_presumed,
            is_cacheable=spec.is_cacheable,
            secret_parameters=sorted(spec.secret_parameters),
            rejection=storable(rejection_of(spec))[:300],
            position=position,
        )


@dataclass(frozen=True)
class Changes:
    """What differs from before, by the names of functions and of the tool's columns."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def __str__(self) -> str:
        """`added forecast; changed alerts`, for people."""
        parts = ((word, names) for word, names in asdict(self).items() if names)
        return "; ".join(f"{word} {', '.join(names)}" for word, names in parts)


def rejection_of(spec: FunctionSpec) -> str:
    """Why the model would refuse a function; empty when it is fine."""
    try:
        declare(spec)
    except Rejected as rejected:
        return str(rejected)
    return ""


def spec_of(function: ToolFunction) -> FunctionSpec:
    """A function's row as the spec that it was written from."""
    return FunctionSpec(
        name=function.name,
        description=function.description,
        parameters=function.parameters,
        is_side_effect=function.is_side_effect,
        is_presumed=function.is_presumed,
        is_cacheable=function.is_cacheable,
        secret_parameters=frozenset(function.secret_parameters),
    )


def describe(
    tool: PlatformTool, specs: Sequence[FunctionSpec], **columns: Any
) -> Changes:
    """Write what a tool is now: its columns, its functions. Returns what changed.

    Writing the same twice changes nothing; two writers at once come one after the
    other. A function that is gone is marked, and unmarked when it is back.
    """
    rows = [FunctionRow.of(spec, place) for place, spec in enumerate(specs)]
    with transaction.atomic():
        locked = PlatformTool.objects.select_for_update().get(pk=tool.pk)
        changes = _write_functions(locked, rows)
        changed = [name for name in columns if getattr(locked, name) != columns[name]]
        # Of a new tool everything would be listed.
        changes.columns.extend(changed if locked.version_hash else ())
        if changes or not locked.version_hash:
            _write_tool(locked, columns, rows, changes)
    tool.refresh_from_db()
    return changes


def _write_tool(
    tool: PlatformTool, columns: dict[str, Any], rows: list[FunctionRow], what: Changes
) -> None:
    """The tool's own row. A new tool has not changed: it is new."""
    is_new = not tool.version_hash
    for name, value in columns.items():
        setattr(tool, name, value)
    tool.version_hash = _hash(columns, rows)
    tool.changed_at = timezone.now()
    tool.last_change = {} if is_new else asdict(what)
    tool.save(update_fields=[*columns, "version_hash", "changed_at", "last_change"])


def _write_functions(tool: PlatformTool, rows: list[FunctionRow]) -> Changes:
    """The rows of its functions: made, changed, marked as gone."""
    before = {function.name: function for function in tool.functions.all()}
    wanted = {row.name: row for row in rows}
    there = {name for name, function in before.items() if not function.removed_at}
    changes = Changes(
        added=[name for name in wanted if name not in there],
        removed=sorted(there - wanted.keys()),
        changed=[n for n in wanted if n in there and _differs(before[n], wanted[n])],
    )
    gone = ToolFunction.objects.filter(platform_tool=tool, name__in=changes.removed)
    gone.update(removed_at=timezone.now())
    for name in (*changes.added, *changes.changed):
        ToolFunction.objects.update_or_create(
            platform_tool=tool,
            name=name,
            defaults={**asdict(wanted[name]), "removed_at": None},
        )
    return changes


def _differs(function: ToolFunction, row: FunctionRow) -> bool:
    return any(getattr(function, name) != value for name, value in asdict(row).items())


def _hash(columns: dict[str, Any], rows: Iterable[FunctionRow]) -> str:
    """The version of a tool: another hash, another tool for the model or for staff."""
    whole = {"tool": columns, "functions": [asdict(row) for row in rows]}
    text = json.dumps(whole, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
