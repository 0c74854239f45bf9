"""What tools can do to the call itself."""

import pytest

from livekit_worker.tools.control import Control
from tools_app.errors import ToolError


async def test_browser_has_no_keys_to_press() -> None:
    with pytest.raises(ToolError, match="comes from a browser"):
        await Control().press("1")


async def test_wish_to_hang_up_is_taken_once() -> None:
    control = Control()
    await control.hang_up()
    assert control.takes_wish_to_hang_up()
    assert not control.takes_wish_to_hang_up()
