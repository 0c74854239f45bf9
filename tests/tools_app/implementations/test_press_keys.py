"""The agent presses keys."""

import pytest

from tests.tools_app.implementations.conftest import Context, Line
from tools_app.code_tools.tool import CodeTool
from tools_app.errors import ToolError
from tools_app.implementations.press_keys import PressKeysTool


def tool() -> CodeTool:
    return CodeTool(PressKeysTool, {}, {})


async def press(call: Context, keys: str) -> None:
    """Let the model ask for these keys."""
    desk = tool()
    arguments = desk.validated("press_keys", {"keys": keys})
    await desk.call("press_keys", arguments, call)


@pytest.mark.parametrize("keys", ["2", "4711#", "w*1w2"])
async def test_it_presses_keys(call: Context, line: Line, keys: str) -> None:
    await press(call, keys)
    assert line.pressed == keys


@pytest.mark.parametrize("keys", ["", "two", "1 2", "1" * 25])
async def test_what_is_no_key_is_refused(call: Context, line: Line, keys: str) -> None:
    with pytest.raises(ToolError, match="keys"):
        await press(call, keys)
    assert line.pressed == ""


async def test_its_test_presses_nothing(call: Context, line: Line) -> None:
    assert "Nothing to set up" in str(await tool().test(call))
    assert line.pressed == ""
