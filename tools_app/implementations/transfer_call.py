"""Putting the caller through to a person whom staff named."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Field, field_validator

from tools_app.base import (
    BaseConfig,
    BaseTool,
    CallContext,
    RunContext,
    ToolError,
    ToolMetadata,
    side_effect,
)
from tools_app.specs import FunctionSpec

# E.164, or SIP's URI (RFC 3261, 19.1).
_ADDRESS = r"(\+[1-9]\d{6,14}|sips?:[^\s|@]+@[^\s|@]+)"
PATTERN = rf"^[^|]*[^|\s][^|]*\|\s*{_ADDRESS}\s*(\|.*)?$"


@dataclass(frozen=True)
class Target:
    """Somebody to whom callers may be put through."""

    name: str
    address: str
    when: str

    @classmethod
    def read(cls, line: str) -> "Target":
        """`Sales | +4930123456 | who wants to buy`."""
        name, address, *rest = (re.sub(r"\s+", " ", p).strip() for p in line.split("|"))
        return cls(name, address, " ".join(rest))

    @property
    def told(self) -> str:
        """`Sales: who wants to buy`."""
        return f"{self.name}: {self.when}" if self.when else self.name


class TransferCallTool(BaseTool):
    """Lets the agent put callers through, to the targets that staff named alone."""

    class Config(BaseConfig):
        """To whom callers may be put through."""

        targets: list[Annotated[str, Field(pattern=PATTERN)]] = Field(
            min_length=1,
            description="Name | number or SIP address | when to put callers through. "
            "Like: Sales | +4930123456 | who wants to buy or asks for prices. Numbers "
            "begin with + and the country, SIP addresses with sip:.",
        )

        @field_validator("targets")
        @classmethod
        def _names_differ(cls, lines: list[str]) -> list[str]:
            names = [Target.read(line).name.casefold() for line in lines]
            if twice := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"Two targets are named {', '.join(sorted(twice))}.")
            return lines

    metadata = ToolMetadata(
        name="Transfer call",
        description="Lets the agent put callers through to people whom you name.",
    )

    @side_effect
    async def transfer_call(
        self,
        context: RunContext[CallContext],
        target: Annotated[str, Field(description="To whom, by name.")],
    ) -> dict[str, str]:
        """Put the caller through to a person.

        Use it when the caller asks for a person, or needs what you cannot do. Say
        first to whom you put them through.
        """
        chosen = self._target(target)
        await context.userdata.control.transfer(chosen.address)
        return {"transferred_to": chosen.name}

    def told(self, spec: FunctionSpec) -> FunctionSpec:
        """With the names to choose from, and when to choose which."""
        schema: dict[str, Any] = {
            "type": "string",
            "enum": [target.name for target in self._targets],
            "description": "; ".join(target.told for target in self._targets),
        }
        properties = {**spec.parameters["properties"], "target": schema}
        return replace(spec, parameters={**spec.parameters, "properties": properties})

    async def test_tool(self, context: RunContext[CallContext]) -> list[str]:
        """To whom it would put callers through; it calls nobody."""
        return [f"{target.name}: {target.address}" for target in self._targets]

    @property
    def _targets(self) -> list[Target]:
        return [Target.read(line) for line in self.config.targets]

    def _target(self, name: str) -> Target:
        """The target of this name; raises `ToolError` with those there are."""
        for target in self._targets:
            if target.name.casefold() == name.strip().casefold():
                return target
        names = ", ".join(target.name for target in self._targets)
        raise ToolError(f"There is nobody of this name. There is {names}.")
