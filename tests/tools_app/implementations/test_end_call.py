"""The agent hangs up."""

from tests.tools_app.implementations.conftest import Context, Line
from tools_app.code_tools.tool import CodeTool
from tools_app.implementations.end_call import EndCallTool


def tool() -> CodeTool:
    return CodeTool(EndCallTool, {}, {})


async def test_it_hangs_up(call: Context, line: Line) -> None:
    await tool().call("end_call", {}, call)
    assert line.was_hung_up


def test_model_is_told_to_say_goodbye_first() -> None:
    [spec] = tool().specs
    assert "goodbye in the same turn, before" in spec.description


async def test_its_test_ends_no_call(call: Context, line: Line) -> None:
    assert "Nothing to set up" in str(await tool().test(call))
    assert not line.was_hung_up
