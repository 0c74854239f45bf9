"""What every kind of tool is while a call runs, whatever is behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from tools_app.functions.specs import FunctionSpec
from tools_app.redaction import without_secrets
from tools_app.running.time_limit import within

if TYPE_CHECKING:
    from tools_app.base import RunContext

CLOSE_SECONDS = 5.0


class RunningTool(Protocol):
    """A tool with its settings and revealed secrets: one per agent tool and call."""

    @property
    def specs(self) -> Sequence[FunctionSpec]:
        """Every function that it has."""

    async def setup(self) -> None:
        """Open what the calls need, before the first of them."""

    def validated(self, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as the function takes them; raises `ToolError` naming each
        wrong field and what it should be."""

    async def call(
        self, function: str, arguments: dict[str, Any], context: "RunContext[Any]"
    ) -> object:
        """Run a function with validated arguments; raises `ToolError`."""

    async def test(self, context: "RunContext[Any]") -> object:
        """The tool's own test of its settings and secrets; raises `ToolError`."""

    async def aclose(self) -> None:
        """Close what `setup` opened."""


async def close(running: RunningTool) -> None:
    """Close a tool; one that hangs keeps nobody. Raises TimeoutError, and what its
    closing raises."""
    await within(CLOSE_SECONDS, running.aclose())


@dataclass(frozen=True)
class LoadedTool:
    """An agent's tool, ready for a call: worker, refresh and test only, for its
    `running` holds secrets in the clear. Its `repr` shows none."""

    agent_tool_id: int
    name: str
    key: str
    running: RunningTool
    unselected_functions: frozenset[str]
    timeout_seconds: float
    max_per_call: int
    max_per_minute: int
    secrets: Mapping[str, Any] = field(default_factory=dict)

    @property
    def specs(self) -> list[FunctionSpec]:
        """The functions that staff left ticked."""
        return [
            s for s in self.running.specs if s.name not in self.unselected_functions
        ]

    def redact(self, text: str) -> str:
        """A text without this tool's secrets, as the model may be told it."""
        return without_secrets(text, self.secrets)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A loaded tool holds secrets: pass its id, and load it again.")

    def __repr__(self) -> str:
        return f"<LoadedTool {self.name} of {self.key}>"
