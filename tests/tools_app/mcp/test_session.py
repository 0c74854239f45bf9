"""A session with an MCP server that refuses, hangs, dies and comes back."""

import asyncio
import json
import socket
import threading
from typing import Any

import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.tools_app.http_servers import answering, closed_port
from tests.tools_app.mcp.calls import SPECS, call, failure, refusal, tool
from tests.tools_app.mcp.servers import McpServer
from tools_app.mcp.tool import list_functions

# The least that a server of 2026 says of itself.
DISCOVERED = {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}


async def test_calls_at_once_share_one_session(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        numbers = [str(n) for n in range(10)]
        found = await asyncio.gather(
            *(call(running, "find_order", order_id=n) for n in numbers)
        )
    assert [answer["order_id"] for answer in found] == numbers


async def test_function_that_hangs_ends_in_time(mcp_server: McpServer) -> None:
    definition = {**mcp_server.definition, "timeout_seconds": 1}
    async with tool(definition) as running:
        assert "took too long" in (await failure(running, "hang")).words
        assert await call(running, "find_order", order_id="7")


async def test_huge_answer_is_not_read(mcp_server: McpServer) -> None:
    async with tool(mcp_server.definition) as running:
        assert "too long" in (await failure(running, "huge")).detail
        assert await call(running, "find_order", order_id="7")


async def test_wrong_key_is_told_to_staff(mcp_server: McpServer) -> None:
    detail = await refusal(mcp_server.definition, key="wrong-key-5678")
    assert "401 Unauthorized" in detail and "set it anew" in detail
    async with tool(mcp_server.definition, key="wrong-key-5678") as running:
        failed = await failure(running, "cancel_order", order_id="9")
    assert "did not let this platform in" in failed.words
    assert "401" in failed.detail
    assert "9" not in mcp_server.changes


async def test_private_address_is_refused(
    mcp_server: McpServer, settings: Settings
) -> None:
    settings.TOOLS_MAY_REACH = []
    assert "private address" in await refusal(mcp_server.definition)


async def test_redirect_elsewhere_is_not_followed(
    endpoint: HTTPServer, httpserver: HTTPServer
) -> None:
    there = httpserver.url_for("/mcp")
    url = answering(endpoint, "/mcp", status=307, location=there)
    async with tool({"url": url}, key="") as running:
        await failure(running, "find_order")
    assert not httpserver.log


@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (200, "<h1>Welcome</h1>", "does not speak MCP"),
        (404, "nothing here", "does not speak MCP"),
        (503, "busy", "503 Service Unavailable"),
    ],
)
async def test_what_is_no_mcp_server_is_told_to_staff(
    status: int, body: str, hint: str, endpoint: HTTPServer
) -> None:
    url = answering(
        endpoint, "/mcp", status=status, body=body, content_type="text/html"
    )
    assert hint in await refusal({"url": url, "timeout_seconds": 3})


async def test_dead_server_is_an_honest_failure_and_its_functions_stay(
    settings: Settings,
) -> None:
    settings.TOOLS_MAY_REACH = [("127.0.0.1", None)]
    definition = {"url": f"http://127.0.0.1:{closed_port()}/mcp"}
    async with tool(definition) as running:
        assert len(running.specs) == len(SPECS)
        failed = await failure(running, "find_order")
    assert "cannot be reached" in failed.words
    assert "refuses connections" in failed.detail
    assert "refuses connections" in await refusal(definition)


async def test_server_that_never_answers_ends_in_time(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.TOOLS_MAY_REACH = [("127.0.0.1", port)]
        definition = {"url": f"http://127.0.0.1:{port}/mcp", "timeout_seconds": 0.5}
        assert "within 0.5 s" in await refusal(definition)


def scripted(endpoint: HTTPServer, **answers: Any) -> dict[str, Any]:
    """The definition of a server that answers so, by method (`tools_list`); a list is
    of answers in turn."""

    def answer(request: Request) -> Response:
        asked = request.get_json()
        known = {"server_discover": {"result": DISCOVERED}, **answers}
        said = known[asked["method"].replace("/", "_")]
        body = {"jsonrpc": "2.0", "id": asked["id"]}
        body |= said.pop(0) if isinstance(said, list) else said
        return Response(json.dumps(body), content_type="application/json")

    endpoint.expect_request("/mcp").respond_with_handler(answer)
    return {"url": endpoint.url_for("/mcp"), "timeout_seconds": 3}


def page(name: str, **more: str) -> dict[str, Any]:
    """A page of a list, with one function."""
    listed = {"name": name, "inputSchema": {"type": "object"}}
    kept = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
    return {"result": {"tools": [listed], **kept, **more}}


async def test_list_that_is_not_mcps_is_told_to_staff(endpoint: HTTPServer) -> None:
    listed = {"result": {"tools": [{"name": 1}]}}
    assert "not as MCP describes" in await refusal(
        scripted(endpoint, tools_list=listed)
    )


async def test_every_page_of_a_list_is_read(endpoint: HTTPServer) -> None:
    pages = [page("one", nextCursor="2"), page("two")]
    definition = scripted(endpoint, tools_list=pages)
    specs = await list_functions(definition, {})
    assert [spec.name for spec in specs] == ["one", "two"]


@pytest.mark.parametrize(
    ("hints", "changes", "is_presumed"),
    [
        ({}, True, True),
        ({"openWorldHint": False}, True, True),
        ({"readOnlyHint": False}, True, False),
        ({"destructiveHint": True}, True, False),
        ({"readOnlyHint": True}, False, False),
    ],
)
async def test_what_a_server_does_not_say_is_presumed_to_be_a_change(
    endpoint: HTTPServer, hints: dict[str, bool], changes: bool, is_presumed: bool
) -> None:
    listed = page("one")
    listed["result"]["tools"][0]["annotations"] = hints
    [spec] = await list_functions(scripted(endpoint, tools_list=listed), {})
    assert (spec.is_side_effect, spec.is_presumed) == (changes, is_presumed)


async def test_error_of_the_protocol_is_told_by_its_number(
    endpoint: HTTPServer,
) -> None:
    error = {"code": -32602, "message": "vendor speaking"}
    definition = scripted(endpoint, tools_call={"error": error})
    async with tool(definition, key="") as running:
        failed = await failure(running, "find_order")
    assert "did not accept" in failed.words and "-32602" in failed.detail
    assert "vendor" not in failed.words + failed.detail


async def test_answer_that_is_not_mcps_is_told_to_staff(endpoint: HTTPServer) -> None:
    definition = scripted(endpoint, tools_call={"result": {"content": 7}})
    async with tool(definition, key="") as running:
        failed = await failure(running, "find_order")
    assert "does not fit its own description" in failed.detail


class Busy:
    """A server that takes its time to cancel an order, and has none for the rest."""

    def __init__(self, endpoint: HTTPServer) -> None:
        self.may_answer = threading.Event()
        self._was_asked = threading.Event()
        called = endpoint.expect_request("/mcp", headers={"Mcp-Method": "tools/call"})
        called.respond_with_handler(self._answer)
        self.definition = scripted(endpoint, tools_list=page("cancel_order"))

    async def is_asked(self) -> None:
        """Wait until it was asked to cancel an order."""
        assert await asyncio.to_thread(self._was_asked.wait, 5)

    def _answer(self, request: Request) -> Response:
        asked = request.get_json()
        if asked["params"]["name"] != "cancel_order":
            return Response("busy", status=429)
        self._was_asked.set()
        self.may_answer.wait(5)
        text = {"type": "text", "text": "Cancelled."}
        result = {"resultType": "complete", "content": [text]}
        said = {"jsonrpc": "2.0", "id": asked["id"], "result": result}
        return Response(json.dumps(said), content_type="application/json")


async def test_refusal_is_of_its_own_question_alone(endpoint: HTTPServer) -> None:
    busy = Busy(endpoint)
    async with tool(busy.definition, key="") as running:
        slow = asyncio.ensure_future(call(running, "cancel_order"))
        await busy.is_asked()
        refused = await failure(running, "fail")
        busy.may_answer.set()
        assert await slow == "Cancelled."
    assert "429" in refused.detail


async def test_change_that_was_sent_is_not_repeated_because_another_call_was_not(
    endpoint: HTTPServer, settings: Settings
) -> None:
    busy = Busy(endpoint)
    async with tool(busy.definition, key="") as running:
        slow = asyncio.ensure_future(failure(running, "cancel_order"))
        await busy.is_asked()
        settings.TOOLS_MAY_REACH = []
        await failure(running, "fail")
        failed = await slow
    busy.may_answer.set()
    assert "may have been done" in failed.words and not failed.may_retry


async def test_calls_at_once_come_through_a_restart(
    mortal_mcp_server: McpServer, request: pytest.FixtureRequest
) -> None:
    options = request.node.callspec.params["mortal_mcp_server"]
    async with tool(mortal_mcp_server.definition) as running:
        await call(running, "find_order", order_id="0")
        mortal_mcp_server.kill()
        mortal_mcp_server.start(*options)
        numbers = [str(n) for n in range(5)]
        found = await asyncio.gather(
            *(call(running, "find_order", order_id=n) for n in numbers)
        )
    assert [answer["order_id"] for answer in found] == numbers


async def test_server_that_came_back_is_connected_to_anew(
    mortal_mcp_server: McpServer, request: pytest.FixtureRequest
) -> None:
    options = request.node.callspec.params["mortal_mcp_server"]
    async with tool(mortal_mcp_server.definition) as running:
        before = await call(running, "find_order", order_id="7")
        mortal_mcp_server.kill()
        failed = await failure(running, "find_order", order_id="7")
        assert "cannot be reached" in failed.words
        mortal_mcp_server.start(*options)
        after = await call(running, "find_order", order_id="7")
    assert before["process"] != after["process"]


async def test_server_that_was_restarted_between_calls_is_not_noticed(
    mortal_mcp_server: McpServer, request: pytest.FixtureRequest
) -> None:
    options = request.node.callspec.params["mortal_mcp_server"]
    async with tool(mortal_mcp_server.definition) as running:
        await call(running, "cancel_order", order_id="1")
        mortal_mcp_server.kill()
        mortal_mcp_server.start(*options)
        await call(running, "cancel_order", order_id="2")
    assert mortal_mcp_server.changes == ["1", "2"]


async def test_change_during_which_the_server_died_is_not_repeated(
    mortal_mcp_server: McpServer,
) -> None:
    async with tool(mortal_mcp_server.definition) as running:
        failed = await failure(running, "die", order_id="3")
    assert "may have been done" in failed.words
    assert "broke off" in failed.detail
    assert mortal_mcp_server.changes == ["3"]
