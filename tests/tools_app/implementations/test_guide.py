"""The example of docs/tools.md, pasted as a new file: a tool like any other."""

import asyncio
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_httpserver import HTTPServer

from agents_app.models import Agent
from config.env import BASE_DIR
from tests.tools_app.implementations.conftest import Context
from tools_app import implementations
from tools_app.code_tools.registry import registry
from tools_app.errors import ToolError
from tools_app.models import AgentTool, PlatformTool
from tools_app.running.loading import load_tools
from tools_app.running.tool import RunningTool

KEY = "shop-key-1234"


@pytest.fixture
def pasted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The guide's first code as a file among the implementations."""
    guide = (BASE_DIR / "docs" / "tools.md").read_text()
    [source] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "pasted.py").write_text(source)
    monkeypatch.setattr(
        implementations, "__path__", [*implementations.__path__, str(tmp_path)]
    )
    registry.cache_clear()
    yield
    registry.cache_clear()
    sys.modules.pop("tools_app.implementations.pasted", None)


@pytest.fixture
def orders(pasted: None, agent: Agent, endpoint: HTTPServer) -> PlatformTool:
    """The tool after `sync_tools`, in Ava's hands."""
    call_command("sync_tools")
    tool = PlatformTool.objects.get(key="my")
    AgentTool.objects.create(
        agent=agent,
        platform_tool=tool,
        name="orders",
        config={"shop_url": endpoint.url_for("").rstrip("/")},
        sensitive_config={"api_key": KEY},
    )
    return tool


def told(agent: Agent, call: Context, **arguments: str) -> object:
    """What the model is told when it asks for an order in a call."""
    [loaded] = load_tools(agent.pk)

    async def ask(tool: RunningTool) -> object:
        await tool.setup()
        try:
            valid = tool.validated("my_action", arguments)
            return await tool.call("my_action", valid, call)
        finally:
            await tool.aclose()

    return asyncio.run(ask(loaded.running))


def test_it_is_in_the_database_after_sync_tools(orders: PlatformTool) -> None:
    [function] = orders.functions.all()
    assert (orders.name, function.name) == ("Orders", "my_action")
    assert orders.secret_names == ["api_key"]
    assert function.parameters["required"] == ["param1"]
    assert function.rejection == ""


def test_it_is_callable_with_its_settings_and_secrets(
    orders: PlatformTool, agent: Agent, call: Context, endpoint: HTTPServer
) -> None:
    query = {"number": "A-1042", "postcode": "10115"}
    request = endpoint.expect_request(
        "/orders", query_string=query, headers={"X-Api-Key": KEY}
    )
    request.respond_with_json({"state": "on its way"})
    answer = told(agent, call, param1="A-1042", optional="10115")
    assert answer == {"state": "on its way"}


def test_its_failure_is_said_in_its_own_words(
    orders: PlatformTool, agent: Agent, call: Context, endpoint: HTTPServer
) -> None:
    endpoint.expect_request("/orders").respond_with_data("no", status=404)
    with pytest.raises(ToolError, match="There is no order of this number"):
        told(agent, call, param1="A-1")


def test_its_wrong_arguments_are_named(
    orders: PlatformTool, agent: Agent, call: Context
) -> None:
    with pytest.raises(ToolError, match="param1 is missing"):
        told(agent, call)
