"""Wrong arguments go back to the model, and never reach the function."""

import pytest

from livekit_worker.tools.failures import Invalid
from livekit_worker.tools.validation import Validation
from tests.livekit_worker.tools.conftest import Ask, DeskTool, run
from tools_app.errors import ToolError
from tools_app.running.broken import BrokenTool


async def test_missing_argument_is_named(asked: Ask, desk: DeskTool) -> None:
    with pytest.raises(Invalid, match="name is missing"):
        await Validation(run)(asked("look_up"))
    assert desk.log == []


async def test_argument_of_the_wrong_type_is_named(asked: Ask) -> None:
    with pytest.raises(Invalid, match="times should be a valid integer"):
        await Validation(run)(asked("look_up", name="Ann", times="often"))


async def test_defaults_and_types_are_filled_in(asked: Ask) -> None:
    request = asked("look_up", name="Ann")
    await Validation(run)(request)
    assert request.arguments == {"name": "Ann", "times": 1}


async def test_default_left_out_or_given_is_the_same_request(asked: Ask) -> None:
    short, long = asked("look_up", name="Ann"), asked("look_up", name="Ann", times=1)
    await Validation(run)(short)
    await Validation(run)(long)
    assert short.fingerprint == long.fingerprint


async def test_tool_that_cannot_be_used_says_so_whatever_the_arguments(
    asked: Ask,
) -> None:
    request = asked("look_up")
    broken = BrokenTool([request.spec], "The secrets cannot be opened.")
    object.__setattr__(request.tool, "running", broken)
    with pytest.raises(ToolError) as raised:
        await Validation(run)(request)
    assert not isinstance(raised.value, Invalid)
    assert raised.value.detail == "The secrets cannot be opened."
