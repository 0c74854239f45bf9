"""What tools can do to the call itself."""

import pytest

from livekit_worker.tools.control import Control
from livekit_worker.transfer.wish import Wish
from tools_app.errors import ToolError


async def test_browser_has_no_keys_to_press() -> None:
    with pytest.raises(ToolError, match="comes from a browser"):
        await Control().press("1")


async def test_wish_to_transfer_is_taken_once() -> None:
    control = Control()
    await control.transfer("+12025550150", name="Sales", briefing="Ann calls.")
    wish = control.takes_wish_to_transfer()
    assert wish == Wish("+12025550150", "Sales", briefing="Ann calls.")
    assert control.takes_wish_to_transfer() is None


async def test_wish_to_hang_up_is_taken_once() -> None:
    control = Control()
    await control.hang_up()
    assert control.takes_wish_to_hang_up()
    assert not control.takes_wish_to_hang_up()
