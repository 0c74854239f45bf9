"""A tool that cannot be used, and says so: never one that is silently missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from tools_app.errors import ToolError
from tools_app.functions.specs import FunctionSpec

if TYPE_CHECKING:
    from tools_app.base import RunContext

WORDS = (
    "This cannot be done right now, because its connection is not set up correctly. "
    "Tell the caller so, and offer another way."
)


@dataclass(frozen=True)
class BrokenTool:
    """A `RunningTool` whose every function answers why it cannot; `detail` is for
    staff, and holds no secret."""

    specs: Sequence[FunctionSpec]
    detail: str

    async def setup(self) -> None:
        """Nothing: there is nothing to open."""

    def validated(self, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Raises `ToolError`, for no arguments could help."""
        self._refuse()

    async def call(
        self, function: str, arguments: dict[str, Any], context: "RunContext[Any]"
    ) -> object:
        """Raises `ToolError`."""
        self._refuse()

    async def test(self, context: "RunContext[Any]") -> object:
        """Raises `ToolError`."""
        self._refuse()

    async def aclose(self) -> None:
        """Nothing: nothing was opened."""

    def _refuse(self) -> NoReturn:
        raise ToolError(WORDS, detail=self.detail)
