"""Keys of the telephone, for the agent's side of the line."""

from typing import Annotated

from pydantic import Field

from tools_app.base import BaseTool, CallContext, RunContext, ToolMetadata


class PressKeysTool(BaseTool):
    """Lets the agent find its way through the menus of others."""

    metadata = ToolMetadata(
        name="Press keys",
        description="Lets the agent press keys of the telephone, in a menu or to enter "
        "a number.",
    )

    async def press_keys(
        self,
        context: RunContext[CallContext],
        keys: Annotated[
            str,
            Field(
                pattern=r"^[0-9*#w]{1,24}$",
                description="Like 2, or 4711#. A w waits half a second.",
            ),
        ],
    ) -> str:
        """Press keys of the telephone.

        Use it when a recorded voice asks to press a key, or to enter a number that ends
        with #. Do not use it when you speak with a person.
        """
        await context.userdata.control.press(keys)
        return "The keys are pressed."

    async def test_tool(self, context: RunContext[CallContext]) -> str:
        """There is nothing to set up, and no line to press keys on."""
        return "Nothing to set up: in a telephone call it presses keys."
