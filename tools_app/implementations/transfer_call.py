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
from tools_app.functions.specs import FunctionSpec

# E.164, or SIP's URI (RFC 3261, 19.1).
_ADDRESS = r"(\+[1-9]\d{6,14}|sips?:[^\s|@]+@[^\s|@]+)"
PATTERN = rf"^[^|]*[^|\s][^|]*\|\s*{_ADDRESS}\s*(\|[^|]*(\|\s*(cold|warm)?\s*)?)?$"
BRIEFING = "Who calls and why, in a sentence or two: the person hears it first."
TELL_WHY = "Say in the briefing who calls and why, in a sentence or two."


@dataclass(frozen=True)
class Target:
    """Somebody to whom callers may be put through; one who is warm hears first who
    calls and why, and takes the call or does not."""

    name: str
    address: str
    when: str = ""
    is_warm: bool = False

    @classmethod
    def read(cls, line: str) -> "Target":
        """`Sales | +4930123456 | who wants to buy | warm`."""
        parts = [re.sub(r"\s+", " ", part).strip() for part in line.split("|")]
        name, address, when, manner = [*parts, "", ""][:4]
        return cls(name, address, when, manner == "warm")

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
            "begin with + and the country, SIP addresses with sip:. With | warm behind "
            "it, Sales hears first who calls and why, and presses 1 to take the call.",
        )
        announcement: str = Field(
            default="I am putting you through to {name}. One moment, please.",
            max_length=300,
            description="Said to the caller when the agent has not just said it. "
            "{name} becomes the name.",
        )
        how_to_answer: str = Field(
            default="Press 1 to take this call, or 2 if you cannot.",
            max_length=300,
            description="Said to the person after who calls and why.",
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
        briefing: Annotated[str, Field(description=BRIEFING)] = "",
    ) -> dict[str, str]:
        """Put the caller through to a person.

        Use it when the caller asks for a person, or needs what you cannot do. Say
        first to whom you put them through.
        """
        chosen = self._target(target)
        if chosen.is_warm and not briefing.strip():
            raise ToolError(TELL_WHY, may_retry=True)
        words = f"{briefing.strip()} {self.config.how_to_answer}"
        await context.userdata.control.transfer(
            chosen.address,
            name=chosen.name,
            announcement=self.config.announcement.replace("{name}", chosen.name),
            briefing=words if chosen.is_warm else "",
        )
        return {"transferred_to": chosen.name}

    def told(self, spec: FunctionSpec) -> FunctionSpec:
        """With the names to choose from, and when to choose which."""
        schema: dict[str, Any] = {
            "type": "string",
            "enum": [target.name for target in self._targets],
            "description": "; ".join(target.told for target in self._targets),
        }
        properties = {**spec.parameters["properties"], "target": schema}
        if not any(target.is_warm for target in self._targets):
            del properties["briefing"]
        return replace(spec, parameters={**spec.parameters, "properties": properties})

    async def test_tool(self, context: RunContext[CallContext]) -> list[str]:
        """To whom it would put callers through; it calls nobody."""
        return [_tested(target) for target in self._targets]

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


def _tested(target: Target) -> str:
    manner = ", after a word about who calls" if target.is_warm else ""
    return f"{target.name}: {target.address}{manner}"
