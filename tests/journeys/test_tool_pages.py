"""Staff try tools out in a real browser: Celery works, the page tells how it goes."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from telephony_app.models import Call
from tests.journeys.conftest import Browse
from tests.servers.stack import Stack
from tests.telephony_app.conftest import call_of, turn_of
from tools_app.models import AgentTool, Kind, Outcome, PlatformTool, ToolCall

pytestmark = pytest.mark.heavy

SECONDS = 30_000


@pytest.fixture
def page(browse: Browse) -> Page:
    """A browser in which the admin is signed in."""
    return browse()


def test_staff_test_a_tool_and_read_the_report(stack: Stack, page: Page) -> None:
    tool = PlatformTool.objects.get(key="end_call")
    row = AgentTool.objects.create(
        agent=stack.make_agent(), platform_tool=tool, name="end_call"
    )
    page.goto(f"/admin/tools_app/agenttool/{row.pk}/change/")
    page.click("text=Test")
    page.click("button:has-text('Test')")
    expect(page.locator("#report")).to_contain_text("It works", timeout=SECONDS)
    page.goto(f"/admin/tools_app/agenttool/{row.pk}/change/")
    expect(page.locator(".tool-standing")).to_contain_text("Works")


def test_staff_see_why_a_server_cannot_be_listed(stack: Stack, page: Page) -> None:
    server = PlatformTool.objects.create(
        organization=stack.make_agent().organization,
        key="stock",
        name="Warehouse",
        kind=Kind.MCP,
        definition={"url": "https://mcp.invalid/mcp"},
    )
    page.goto(f"/admin/tools_app/platformtool/{server.pk}/change/")
    page.click("button:has-text('Look again')")
    standing = page.locator(".tool-standing")
    expect(standing).to_contain_text("Does not work", timeout=SECONDS)
    expect(standing).to_contain_text("mcp.invalid")
    expect(page.locator("body")).not_to_contain_text("Asking the server")


def test_staff_are_told_what_only_the_tools_code_knows(
    stack: Stack, page: Page
) -> None:
    tool = PlatformTool.objects.get(key="transfer_call")
    row = AgentTool.objects.create(
        agent=stack.make_agent(), platform_tool=tool, name="transfer"
    )
    page.goto(f"/admin/tools_app/agenttool/{row.pk}/change/")
    targets, standing = page.locator("[name=config__targets]"), ".tool-standing"
    targets.fill("Sales | +4930123456\nSales | +4930123457")
    page.click("button:has-text('Save')")
    expect(page.locator(standing)).to_contain_text("Two targets", timeout=SECONDS)
    targets.fill("Sales | +4930123456\nOffice | +4930123457")
    page.click("button:has-text('Save')")
    page.click("text=See what the model is told", timeout=SECONDS)
    told = page.locator(".function details")
    told.locator("summary").click()
    expect(told).to_contain_text('"Office"')
    expect(told).to_contain_text("With this agent's settings.")


@pytest.fixture
def live_call(stack: Stack) -> Iterator[Call]:
    """A call that goes on, in which a tool has answered."""
    call = call_of(stack.make_agent(), created_at=timezone.now())
    ToolCall.objects.create(
        call=call,
        tool_name="weather",
        function="forecast",
        outcome=Outcome.DONE,
        started_at=timezone.now(),
        result="Sunny, 24 degrees",
    )
    yield call
    call.delete()


def test_opened_answer_stays_open_while_the_call_goes_on(
    page: Page, live_call: Call
) -> None:
    page.goto(f"/admin/telephony_app/call/{live_call.pk}/change/")
    page.click("summary:has-text('Answer')")
    turn_of(live_call, "caller", "And tomorrow?", spoken_from=timezone.now())
    expect(page.locator("#call")).to_contain_text("And tomorrow?", timeout=SECONDS)
    expect(page.locator("text=Sunny, 24 degrees")).to_be_visible()
