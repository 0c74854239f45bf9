"""Callers are put through, to targets that staff named and nobody else."""

import pytest
from pydantic import ValidationError

from tests.tools_app.implementations.conftest import CallOf, Context, Line
from tools_app.code_tools import CodeTool
from tools_app.declarations import declare
from tools_app.errors import ToolError
from tools_app.implementations.transfer_call import TransferCallTool

SALES = "Sales | +4930123456 | who wants to buy"
OFFICE = "Front office | sip:office@pbx.example.com"


def tool(*targets: str) -> CodeTool:
    return CodeTool(TransferCallTool, {"targets": targets or (SALES, OFFICE)}, {})


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Sales", "+4930123456"),
        (" sales ", "+4930123456"),
        ("front OFFICE", "sip:office@pbx.example.com"),
    ],
)
async def test_caller_is_put_through_by_name(
    call: Context, line: Line, name: str, address: str
) -> None:
    await tool().call("transfer_call", {"target": name}, call)
    assert line.transferred_to == [address]


@pytest.mark.parametrize("name", ["+4930999999", "Boss", "sip:x@y.example", ""])
async def test_nobody_else_is_called(call: Context, line: Line, name: str) -> None:
    with pytest.raises(ToolError, match=r"There is Sales, Front office\."):
        await tool().call("transfer_call", {"target": name}, call)
    assert line.transferred_to == []


async def test_call_that_cannot_be_transferred_says_so(call_of: CallOf) -> None:
    browser = call_of(control=Line(can_transfer=False))
    with pytest.raises(ToolError, match="comes from a browser"):
        await tool().call("transfer_call", {"target": "Sales"}, browser)


def test_model_may_choose_among_the_names_and_is_told_when() -> None:
    [spec] = tool().specs
    target = declare(spec)["parameters"]["properties"]["target"]
    assert target["enum"] == ["Sales", "Front office"]
    assert target["description"] == "Sales: who wants to buy; Front office"


def test_model_is_not_told_numbers() -> None:
    assert "+49" not in str(tool().specs)


@pytest.mark.parametrize(
    "line",
    [
        "Sales",
        "Sales | 030 123456",
        "Sales | +0123456789",
        "| +4930123456",
        "Sales | tel:+4930123456",
        "Sales | sip:office",
    ],
)
def test_target_without_a_name_or_a_right_address_is_refused(line: str) -> None:
    with pytest.raises(ValidationError, match=r"targets\.0"):
        tool(line)


def test_two_targets_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="Two targets are named sales"):
        tool(SALES, "sales | +4930999999")


def test_without_targets_it_is_not_set_up() -> None:
    with pytest.raises(ValidationError, match="at least 1 item"):
        CodeTool(TransferCallTool, {"targets": []}, {})


async def test_its_test_names_the_targets_and_calls_nobody(
    call: Context, line: Line
) -> None:
    assert await tool().test(call) == [
        "Sales: +4930123456",
        "Front office: sip:office@pbx.example.com",
    ]
    assert line.transferred_to == []
