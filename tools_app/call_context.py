"""What a tool may know of the call it works in, and do to it."""

import uuid
from dataclasses import dataclass
from typing import Protocol


class CallControl(Protocol):
    """What a tool can do to the call itself."""

    async def hang_up(self) -> None:
        """Let the agent finish what it says, say the farewell, and end the call."""

    async def press(self, keys: str) -> None:
        """Press keys of the telephone (`0`-`9`, `*`, `#`, `A`-`D`; `w` waits half a
        second); raises `ToolError` where that cannot be."""

    async def transfer(
        self,
        address: str,
        *,
        name: str = "",
        announcement: str = "",
        briefing: str = "",
    ) -> None:
        """Put the caller through to a person, once the function has ended: to a number
        in E.164 or a SIP address.

        `announcement` is said to the caller first, unless the agent has just spoken.
        With a `briefing` the person hears that first, and presses 1 to take the call.
        When nobody takes it the function fails, and the caller is with the agent again.
        """


@dataclass(frozen=True)
class CallContext:
    """The call as its tools see it: `context.userdata` of every function.

    `caller` is the caller's number in E.164, empty for a browser; `language` the
    agent's (BCP 47). In a test from the admin there is no call: `call_id` is None.
    """

    call_id: uuid.UUID | None
    agent_id: int
    agent_name: str
    organization_id: int
    language: str
    caller: str
    control: CallControl
