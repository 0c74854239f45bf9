"""What an agent tool's page is about, read once per request."""

from dataclasses import dataclass
from functools import cached_property

from agents_app.models import Agent
from tools_app.admin.functions import Offer
from tools_app.admin.secret_fields import SecretFields
from tools_app.models import AgentTool, PlatformTool, ToolSecret
from tools_app.schema_forms.schema_fields import SchemaFields


@dataclass(frozen=True)
class Subject:
    """An agent and a tool, and the row that joins them once it is saved."""

    agent: Agent
    tool: PlatformTool
    row: AgentTool | None = None

    @cached_property
    def config(self) -> SchemaFields:
        """The tool's settings."""
        given = self.row.config if self.row else {}
        return SchemaFields(self.tool.config_schema, prefix="config__", given=given)

    @cached_property
    def secrets(self) -> SecretFields:
        """The tool's secrets, those of the organization below the agent's own."""
        shared = ToolSecret.objects.filter(
            organization=self.agent.organization_id, platform_tool=self.tool
        ).select_related("set_by")
        return SecretFields(
            self.tool.sensitive_schema,
            kept=self.row.sensitive_config if self.row else None,
            shared=shared.first(),
            config=self.row.config if self.row else None,
        )

    def label_of(self, name: str) -> str:
        """A setting or secret as the form calls it."""
        both = (*self.config.properties.values(), *self.secrets.properties.values())
        return next((p.label for p in both if p.name == name), name)

    @cached_property
    def offers(self) -> list[Offer]:
        """The functions that the tool has now."""
        rows = self.tool.functions.filter(removed_at=None)
        told = self.row.told if self.row else {}
        return [Offer.of(row, told) for row in rows]

    @property
    def ticked(self) -> list[str]:
        """The functions that the agent is offered; at first all that can be."""
        if self.row is None:
            return [offer.row.name for offer in self.offers if not offer.rejection]
        left_out = self.row.unselected_functions
        return [o.row.name for o in self.offers if o.row.name not in left_out]
