"""What a tool asked for: to put the caller through."""

from dataclasses import dataclass

from tools_app.errors import ToolError


@dataclass(frozen=True)
class Wish:
    """To whom, and what is said first; see `CallControl.transfer`."""

    address: str
    name: str = ""
    announcement: str = ""
    briefing: str = ""

    def not_reached(self, why: str) -> ToolError:
        """What the model is told when the caller is with the agent again."""
        who = self.name or "The person"
        return ToolError(
            f"{who} could not be reached. {why} The caller is with you again: say so, "
            "and offer what you can do instead.",
            may_retry=True,
        )

    def not_possible(self, detail: str) -> ToolError:
        """What the model is told when it could not even be tried."""
        return ToolError(
            "The call cannot be put through at the moment. Say so, and offer to have "
            "somebody call back.",
            detail=detail,
        )
