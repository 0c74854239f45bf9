"""Hanging up, for the agent's side of the line."""

from tools_app.base import BaseTool, CallContext, RunContext, ToolMetadata


class EndCallTool(BaseTool):
    """Lets the agent end the call."""

    metadata = ToolMetadata(
        name="End call",
        description="Lets the agent hang up after both have said goodbye.",
    )

    async def end_call(self, context: RunContext[CallContext]) -> str:
        """End the call.

        Use it when the caller has said goodbye, or that there is nothing more. Say a
        short goodbye in the same turn, before you use it: after it nothing is heard.
        """
        await context.userdata.control.hang_up()
        return "The call ends."

    async def test_tool(self, context: RunContext[CallContext]) -> str:
        """There is nothing to set up, and no call to end."""
        return "Nothing to set up: in a call it hangs up after the goodbye."
