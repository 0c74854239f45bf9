"""The rows that an agent's tools are made from, in one statement.

By hand, because a call waits for it: the ORM takes three times as long, most of it to
write the same statement anew. It runs on PostgreSQL and SQLite alike.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from sealed.handle import Sealed
from tools_app.models import AgentTool, PlatformTool, ToolSecret

STATEMENT = """
select t.id, t.name, t.config, t.sensitive_config, t.unselected_functions,
    t.timeout_seconds, t.max_per_call, t.max_per_minute, t.platform_tool_id,
    p.key as tool_key, p.kind as tool_kind, p.definition as tool_definition,
    s.secrets as tool_secrets
from tools_app_agenttool t
join agents_app_agent a on a.id = t.agent_id
join tools_app_platformtool p on p.id = t.platform_tool_id
left join tools_app_toolsecret s
    on s.platform_tool_id = p.id and s.organization_id = a.organization_id
where (t.agent_id = %s and t.is_active) or t.id = %s
order by t.position, t.id
"""


@dataclass(frozen=True)
class ToolRow:
    """An agent's tool, its tool's own columns, and its organization's secrets."""

    agent_tool: AgentTool
    tool_id: int
    key: str
    kind: str
    organization_secrets: Sealed | None
    _definition: Any

    @classmethod
    def of(cls, found: Any) -> "ToolRow":
        """An `AgentTool` of the statement, with its further columns."""
        return cls(
            agent_tool=found,
            tool_id=found.platform_tool_id,
            key=found.tool_key,
            kind=found.tool_kind,
            organization_secrets=_column(ToolSecret, "secrets", found.tool_secrets),
            _definition=found.tool_definition,
        )

    @property
    def tool(self) -> PlatformTool:
        """The columns that a tool of staff's own is made from."""
        definition = _column(PlatformTool, "definition", self._definition)
        return PlatformTool(
            pk=self.tool_id, key=self.key, kind=self.kind, definition=definition
        )

    def reveal(self, opened: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """The organization's secrets, and over them its own; raises `SealBroken`.

        With an address of its own come its own secrets only: the organization's would
        be sent there. `opened` keeps those that several tools share.
        """
        theirs, own = self.organization_secrets, self.agent_tool.sensitive_config
        given: dict[str, Any] = own.reveal()
        if not theirs or any("://" in str(value) for value in given.values()):
            return given
        if theirs.token not in opened:
            opened[theirs.token] = theirs.reveal()
        return {**opened[theirs.token], **given}


def rows_of_agent(agent_id: int) -> list[ToolRow]:
    """The active tools of an agent, as its page orders them."""
    return _rows(agent_id, None)


def row_of_tool(agent_tool_id: int) -> ToolRow:
    """One tool, active or not; raises `AgentTool.DoesNotExist`."""
    for row in _rows(None, agent_tool_id):
        return row
    raise AgentTool.DoesNotExist(f"There is no agent tool {agent_tool_id}.")


def _rows(agent_id: int | None, agent_tool_id: int | None) -> list[ToolRow]:
    found = AgentTool.objects.raw(STATEMENT, [agent_id, agent_tool_id])
    return [ToolRow.of(tool) for tool in found]


def _column(model: type[Model], name: str, value: Any) -> Any:
    """A value as the model's field reads it from the database."""
    field: Any = model._meta.get_field(name)
    return field.from_db_value(value, None, connection)
