"""Callers are put through, to targets that staff named and nobody else."""

import pytest
from pydantic import ValidationError

from tests.tools_app.implementations.conftest import CallOf, Context, Line
from tools_app.code_tools.tool import CodeTool
from tools_app.errors import ToolError
from tools_app.functions.declarations import declare
from tools_app.implementations.transfer_call import TransferCallTool

SALES = "Sales | +4930123456 | who wants to buy"
BOSS = "Boss | +4930777777 | who complains | warm"
WHY = "Ann wants to buy ten."
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


async def test_caller_hears_to_whom(call: Context, line: Line) -> None:
    await tool().call("transfer_call", {"target": "sales"}, call)
    assert line.said == {
        "name": "Sales",
        "announcement": "I am putting you through to Sales. One moment, please.",
        "briefing": "",
    }


async def test_person_who_wants_to_hears_who_calls_and_why(
    call: Context, line: Line
) -> None:
    await tool(BOSS).call("transfer_call", {"target": "Boss", "briefing": WHY}, call)
    assert line.said["briefing"].startswith(f"{WHY} Press 1 to take this call")


async def test_nobody_else_is_briefed(call: Context, line: Line) -> None:
    await tool(SALES, BOSS).call(
        "transfer_call", {"target": "Sales", "briefing": WHY}, call
    )
    assert line.said["briefing"] == ""


async def test_model_that_does_not_say_why_is_asked_to(
    call: Context, line: Line
) -> None:
    with pytest.raises(ToolError, match="who calls and why") as caught:
        await tool(BOSS).call("transfer_call", {"target": "Boss"}, call)
    assert caught.value.may_retry
    assert line.transferred_to == []


def test_model_is_told_of_the_briefing_where_somebody_wants_one() -> None:
    def told(*targets: str) -> set[str]:
        [spec] = tool(*targets).specs
        return set(declare(spec)["parameters"]["properties"])

    assert told(SALES, BOSS) == {"target", "briefing"}
    assert told(SALES, OFFICE) == {"target"}


@pytest.mark.parametrize(
    "line",
    [
        "Sales | +4930123456",
        "Sales | +4930123456 |",
        "Sales | +4930123456 | who wants to buy | cold",
        "Sales|+4930123456||warm",
    ],
)
def test_line_may_end_with_the_manner(line: str) -> None:
    assert tool(line).specs


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
        "Sales | +4930123456 | who buys | hot",
        "Sales | +4930123456 | who buys | warm | now",
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
    assert await tool(BOSS, OFFICE).test(call) == [
        "Boss: +4930777777, after a word about who calls",
        "Front office: sip:office@pbx.example.com",
    ]
    assert line.transferred_to == []
