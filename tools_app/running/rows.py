"""The rows that an agent's tools are made from, in two statements.

By hand, because a call waits for them: the ORM takes many times as long, to write the
same statements anew and to make rows that nobody saves. They run on PostgreSQL and
SQLite alike.
"""

import json
from collections.abc import Collection, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from sealed.handle import Sealed
from tools_app.functions.specs import FunctionSpec
from tools_app.models import AgentTool
from tools_app.own_addresses import addresses_in

TOOLS = """
select t.id, t.name, t.timeout_seconds, t.max_per_call, t.max_per_minute,
    p.id, p.key, p.kind, t.config, t.unselected_functions, p.definition,
    t.sensitive_config, s.secrets
from tools_app_agenttool t
join agents_app_agent a on a.id = t.agent_id
join tools_app_platformtool p on p.id = t.platform_tool_id
left join tools_app_toolsecret s
    on s.platform_tool_id = p.id and s.organization_id = a.organization_id
where (t.agent_id = %s and t.is_active) or t.id = %s
order by t.position, t.id
"""
FUNCTIONS = """
select platform_tool_id, rejection, name, description, is_side_effect, is_presumed,
    is_cacheable, parameters, secret_parameters
from tools_app_toolfunction
where platform_tool_id in ({}) and removed_at is null
order by platform_tool_id, position, name
"""
SEALED = AgentTool._meta.get_field("sensitive_config")


class ToolRow(NamedTuple):
    """An agent's tool, its tool's own columns, and its organization's secrets."""

    id: int
    name: str
    timeout_seconds: int
    max_per_call: int
    max_per_minute: int
    tool_id: int
    key: str
    kind: str
    config: dict[str, Any]
    unselected_functions: list[str]
    definition: dict[str, Any]
    own_secrets: Sealed
    shared_secrets: Sealed

    @classmethod
    def of(cls, found: Any) -> "ToolRow":
        """A row of the statement: plain columns, then JSON, then sealed ones."""
        plain, loaded, sealed = found[:8], found[8:11], found[11:]
        return cls(*plain, *map(json.loads, loaded), *map(_sealed, sealed))

    def reveal(self, opened: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """The organization's secrets, and over them its own; raises `SealBroken`.

        With an address of its own come its own secrets only: the organization's would
        be sent there. `opened` keeps those that several tools share.
        """
        given, shared = self.own_secrets.reveal(), self.shared_secrets
        if not shared or addresses_in(self.config) or addresses_in(given):
            return given
        if shared.token not in opened:
            opened[shared.token] = shared.reveal()
        return {**opened[shared.token], **given}


class Function(NamedTuple):
    """A function as its row tells of it, and why the model would refuse it."""

    spec: FunctionSpec
    rejection: str

    @classmethod
    def of(cls, found: Any) -> "Function":
        """A row of the statement."""
        _, rejection, name, description, *marks, parameters, secret = found
        changes, presumed, keeps = map(bool, marks)
        spec = FunctionSpec(
            name=name,
            description=description,
            parameters=json.loads(parameters),
            is_side_effect=changes,
            is_presumed=presumed,
            is_cacheable=keeps,
            secret_parameters=frozenset(json.loads(secret)),
        )
        return cls(spec, rejection)


def rows_of_agent(agent_id: int) -> list[ToolRow]:
    """The active tools of an agent, as its page orders them."""
    return [ToolRow.of(found) for found in _found(TOOLS, [agent_id, None])]


def row_of_tool(agent_tool_id: int) -> ToolRow:
    """One tool, active or not; raises `AgentTool.DoesNotExist`."""
    for found in _found(TOOLS, [None, agent_tool_id]):
        return ToolRow.of(found)
    raise AgentTool.DoesNotExist(f"There is no agent tool {agent_tool_id}.")


def functions_of(tools: Collection[int]) -> Mapping[int, list[Function]]:
    """The functions that tools have now, by the id of the tool."""
    if not tools:
        return {}
    places = ", ".join(["%s"] * len(tools))
    found = _found(FUNCTIONS.format(places), [*tools])
    grouped = groupby(found, key=itemgetter(0))
    return {tool: [Function.of(row) for row in rows] for tool, rows in grouped}


def _found(statement: str, values: list[int | None]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor)


def _sealed(value: Any) -> Sealed:
    """What a sealed column holds; none where there is no row of it."""
    return SEALED.from_db_value(value) or Sealed()
