"""What tools can do to the call itself."""

from livekit import rtc
from livekit.rtc.participant import PublishDTMFError

from livekit_worker.phone import telephone as phone
from livekit_worker.transfer.wish import Wish
from tools_app.errors import ToolError


class Control:
    """A `CallControl`: wishes are carried out once the function that has them ended.

    `line` is the room of a telephone call.
    """

    def __init__(self, line: rtc.Room | None = None) -> None:
        self._line = line
        self._wants_to_hang_up = False
        self._wish: Wish | None = None

    async def hang_up(self) -> None:
        """End the call after this function: what the agent says is heard to its end,
        and goodbye is said if it was not."""
        self._wants_to_hang_up = True

    async def transfer(
        self,
        address: str,
        *,
        name: str = "",
        announcement: str = "",
        briefing: str = "",
    ) -> None:
        """Put the caller through after this function."""
        self._wish = Wish(address, name, announcement, briefing)

    async def press(self, keys: str) -> None:
        """Press keys; raises `ToolError` where there is no telephone to take them."""
        if self._line is None:
            raise ToolError("This call comes from a browser, where no key is heard.")
        try:
            await phone.press(self._line, keys)
        except PublishDTMFError as error:
            raise ToolError("The keys could not be pressed.", may_retry=True) from error

    def takes_wish_to_hang_up(self) -> bool:
        """Whether a function wanted to hang up; asked once, it is forgotten."""
        wish, self._wants_to_hang_up = self._wants_to_hang_up, False
        return wish

    def takes_wish_to_transfer(self) -> Wish | None:
        """To whom a function wanted to put the caller through; asked once, it is
        forgotten."""
        wish, self._wish = self._wish, None
        return wish
