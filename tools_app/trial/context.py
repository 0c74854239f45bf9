"""What a tool is given when it is tried outside of a call."""

from typing import Any, NoReturn

from agents_app.models import Agent
from tools_app.base import RunContext
from tools_app.call_context import CallContext
from tools_app.errors import ToolError

NO_CALL = "This works only in a call, and a test is none."


class TrialContext(RunContext[CallContext]):
    """A `RunContext` that has no session: only `userdata`."""

    def __init__(self, agent: Agent) -> None:
        self._call = CallContext(
            call_id=None,
            agent_id=agent.pk,
            agent_name=agent.name,
            organization_id=agent.organization_id,
            language=agent.language,
            caller="",
            control=NoCall(),
        )

    @property
    def userdata(self) -> CallContext:
        """The agent's half of a call."""
        return self._call

    @property
    def session(self) -> NoReturn:
        """Raises `ToolError`."""
        raise ToolError(NO_CALL)

    @property
    def speech_handle(self) -> NoReturn:
        """Raises `ToolError`."""
        raise ToolError(NO_CALL)

    @property
    def function_call(self) -> NoReturn:
        """Raises `ToolError`."""
        raise ToolError(NO_CALL)


class NoCall:
    """The `CallControl` of a test: there is nothing to control."""

    async def hang_up(self) -> None:
        """Raises `ToolError`."""
        raise ToolError(NO_CALL)

    async def press(self, keys: str) -> None:
        """Raises `ToolError`."""
        raise ToolError(NO_CALL)

    async def transfer(self, address: str, **_: str) -> None:
        """Raises `ToolError`."""
        raise ToolError(NO_CALL)

    def __getattr__(self, name: str) -> Any:
        raise ToolError(NO_CALL)
