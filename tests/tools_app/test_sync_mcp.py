"""What staff see of an MCP server is what it has now, or why that is not known."""

import logging
import socket
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from accounts.models import Organization
from agents_app.models import Agent
from tests.tools_app.mcp.servers import KEY, McpServer
from tools_app import tasks
from tools_app.models import (
    AgentTool,
    Health,
    Kind,
    PlatformTool,
    ToolFunction,
    ToolSecret,
)
from tools_app.running.loading import load_tools
from tools_app.sync import sync_mcp_servers

FUNCTIONS = ["find_order", "cancel_order", "die", "fail", "hang", "huge"]


@pytest.fixture
def orders(acme: Organization, mcp_server: McpServer) -> PlatformTool:
    """Acme's server, with Acme's key."""
    return orders_of(acme, mcp_server)


def orders_of(acme: Organization | None, server: McpServer) -> PlatformTool:
    tool = PlatformTool.objects.create(
        key="orders",
        name="Orders",
        kind=Kind.MCP,
        organization=acme,
        definition=server.definition,
    )
    if acme:
        ToolSecret.objects.create(
            organization=acme, platform_tool=tool, secrets={"key": KEY}
        )
    return tool


def sync(tool: PlatformTool) -> list[str]:
    """Write what the servers have; gives what changed, in words."""
    changed = [str(changes) for _, changes in sync_mcp_servers()]
    tool.refresh_from_db()
    return changed


def offered(tool: PlatformTool) -> list[str]:
    return [f.name for f in tool.functions.filter(removed_at=None)]


def test_functions_of_a_server_are_written(orders: PlatformTool) -> None:
    assert sync(orders) == [f"added {', '.join(FUNCTIONS)}"]
    assert offered(orders) == FUNCTIONS
    assert (orders.health, orders.health_detail) == (Health.GOOD, "")
    assert sync(orders) == []


def test_function_that_the_server_lost_is_marked(orders: PlatformTool) -> None:
    ToolFunction.objects.create(platform_tool=orders, name="refund", position=9)
    sync(orders)
    assert "refund" not in offered(orders)
    assert orders.functions.filter(name="refund").exists()


def test_dead_server_is_a_bad_badge_and_keeps_its_functions(
    acme: Organization, mortal_mcp_server: McpServer
) -> None:
    tool = orders_of(acme, mortal_mcp_server)
    sync(tool)
    mortal_mcp_server.kill()
    assert sync(tool) == []
    assert tool.health == Health.BAD
    assert "refuses connections" in tool.health_detail
    assert offered(tool) == FUNCTIONS


def test_server_that_is_back_is_a_good_badge(
    acme: Organization, mortal_mcp_server: McpServer
) -> None:
    tool = orders_of(acme, mortal_mcp_server)
    tool.note_health(Health.BAD, "refuses connections")
    tasks.check_mcp_servers()
    tool.refresh_from_db()
    assert tool.health == Health.GOOD


def test_wrong_key_is_said_and_shown_nowhere(
    orders: PlatformTool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ToolSecret.objects.update(secrets={"key": "wrong-key-1234"})
    sync(orders)
    assert "401" in orders.health_detail
    assert "wrong-key-1234" not in orders.health_detail + caplog.text


def test_agents_key_serves_where_the_organization_has_none(
    orders: PlatformTool, agent: Agent
) -> None:
    ToolSecret.objects.all().delete()
    give(orders, agent, {"key": KEY})
    sync(orders)
    assert orders.health == Health.GOOD


def give(tool: PlatformTool, agent: Agent, secrets: dict[str, Any]) -> AgentTool:
    return AgentTool.objects.create(
        agent=agent, platform_tool=tool, name="orders", sensitive_config=secrets
    )


def test_no_organizations_key_is_spent_on_everybodys_server(
    mcp_server: McpServer, agent: Agent
) -> None:
    tool = orders_of(None, mcp_server)
    give(tool, agent, {"key": KEY})
    sync(tool)
    assert "key is missing" in tool.health_detail


def test_lost_key_is_said(orders: PlatformTool, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    sync(orders)
    assert "cannot be opened" in orders.health_detail


def test_broken_definition_is_said(acme: Organization) -> None:
    tool = PlatformTool.objects.create(
        key="odd", name="Odd", kind=Kind.MCP, organization=acme, definition={}
    )
    sync(tool)
    assert "url is missing" in tool.health_detail


def test_one_dead_server_leaves_the_others_alone(
    orders: PlatformTool, acme: Organization
) -> None:
    PlatformTool.objects.create(
        key="odd", name="Odd", kind=Kind.MCP, organization=acme, definition={}
    )
    sync(orders)
    assert orders.health == Health.GOOD


@pytest.fixture
def silent(
    acme: Organization, mcp_server: McpServer, settings: Settings
) -> Iterator[PlatformTool]:
    """A server that takes the connection, and says nothing for a second."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        host, port = door.getsockname()
        settings.TOOLS_MAY_REACH = [*settings.TOOLS_MAY_REACH, (host, port)]
        yield PlatformTool.objects.create(
            key="silent",
            name="A silent one",
            kind=Kind.MCP,
            organization=acme,
            definition={"url": f"http://{host}:{port}/mcp", "timeout_seconds": 1},
        )


def test_answer_is_written_while_others_are_waited_for(
    orders: PlatformTool, silent: PlatformTool
) -> None:
    changed = sync_mcp_servers()
    assert next(changed)[0] == orders
    silent.refresh_from_db()
    assert silent.health == Health.UNKNOWN
    assert not list(changed)
    silent.refresh_from_db()
    assert "within 1 s" in silent.health_detail


def test_server_that_was_not_looked_at_for_longest_is_asked_first(
    orders: PlatformTool, silent: PlatformTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools_app.sync.AT_ONCE", 1)
    silent.note_health(Health.BAD, "It was silent.")
    next(sync_mcp_servers())
    silent.refresh_from_db()
    assert silent.health_detail == "It was silent."


@pytest.mark.parametrize("answers", [True, False])
def test_tool_that_is_deleted_while_it_is_asked_leaves_the_others_alone(
    orders: PlatformTool, silent: PlatformTool, answers: bool
) -> None:
    chosen = PlatformTool.objects.order_by("pk" if answers else "-pk")
    gone, other = (orders, silent) if answers else (silent, orders)
    list(chosen)
    gone.delete()
    deque(sync_mcp_servers(chosen), maxlen=0)
    other.refresh_from_db()
    assert other.health != Health.UNKNOWN
    assert list(PlatformTool.objects.filter(kind=Kind.MCP)) == [other]


def test_agents_secrets_fill_in_what_the_organization_has_not(
    orders: PlatformTool, agent: Agent
) -> None:
    ToolSecret.objects.update(secrets={"account": "acme"})
    give(orders, agent, {"key": KEY, "account": "another"})
    sync(orders)
    assert orders.health == Health.GOOD


def test_agent_has_the_functions_even_while_the_server_is_dead(
    acme: Organization, agent: Agent, mortal_mcp_server: McpServer
) -> None:
    tool = orders_of(acme, mortal_mcp_server)
    sync(tool)
    mortal_mcp_server.kill()
    give(tool, agent, {})
    [loaded] = load_tools(agent.pk)
    assert [spec.name for spec in loaded.specs] == FUNCTIONS
