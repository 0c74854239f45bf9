"""An agent's tools on its page: what it has, how they are, what they still need."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.admin_scope import user_of
from accounts.models import Role
from agents_app.admin import AgentAdmin
from agents_app.models import Agent
from tools_app.admin.secret_fields import SecretFields
from tools_app.agent_templates import PLACE
from tools_app.models import AgentTool, ToolFunction, ToolSecret
from tools_app.schema_forms.schema_fields import SchemaFields


@dataclass(frozen=True)
class Row:
    """One tool of the agent as the panel shows it."""

    tool: AgentTool
    shared: ToolSecret | None

    @property
    def offered(self) -> int:
        """How many of its functions the agent may call."""
        left_out = set(self.tool.unselected_functions)
        return sum(f.name not in left_out for f in self._functions)

    @property
    def total(self) -> int:
        """How many functions it has."""
        return len(self._functions)

    @property
    def refused(self) -> bool:
        """Whether the model would refuse one that is offered."""
        left_out = set(self.tool.unselected_functions)
        return any(f.rejection and f.name not in left_out for f in self._functions)

    @property
    def missing(self) -> list[str]:
        """The settings and secrets that it needs and nobody has set."""
        tool, given = self.tool.platform_tool, self.tool.config
        config = SchemaFields(tool.config_schema, prefix="", given=given)
        secrets = SecretFields(
            tool.sensitive_schema,
            kept=self.tool.sensitive_config,
            shared=self.shared,
            config=given,
        )
        return [*config.missing, *secrets.missing]

    @property
    def _functions(self) -> list[ToolFunction]:
        return list(self.tool.platform_tool.functions.all())


@AgentAdmin.register_panel
def tools_panel(request: HttpRequest, agent: Agent) -> SafeString:
    """The section above the agent's form; three queries, however many tools."""
    may_change = user_of(request).has_role(
        Role.EDITOR, organization_id=agent.organization_id
    )
    context = {
        "agent": agent,
        "rows": _rows(agent),
        "may_change": may_change,
        "places": agent.system_prompt.count(PLACE),
    }
    return render_to_string("admin/tools_app/agent/panel.html", context, request)


def _rows(agent: Agent) -> list[Row]:
    there = Prefetch(
        "platform_tool__functions", ToolFunction.objects.filter(removed_at=None)
    )
    tools = list(agent.tools.select_related("platform_tool").prefetch_related(there))
    if not tools:
        return []
    shared = ToolSecret.objects.filter(organization=agent.organization_id)
    by_tool = {secret.platform_tool_id: secret for secret in shared}
    return [Row(tool, by_tool.get(tool.platform_tool_id)) for tool in tools]
