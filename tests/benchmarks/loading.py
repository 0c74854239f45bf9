"""What reading an agent's tools costs, against one statement written by hand."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from asgiref.sync import sync_to_async
from cryptography.fernet import MultiFernet
from django.db import connection

from sealed.keys import keyring
from tests.benchmarks.arms import Arm
from tests.benchmarks.equipment import FUNCTIONS, TOOLS, make_agent
from tests.benchmarks.row import Goal, Row, Sample, median
from tools_app.code_tools.registry import registry
from tools_app.endpoints import tool as http_tool
from tools_app.functions.specs import FunctionSpec
from tools_app.mcp import tool as mcp_tool
from tools_app.models import Kind
from tools_app.running.loading import load_tools

LOADS_PER_ROUND = 20
GOAL = Goal("at most 1.5 times", lambda a, b: median(a) <= 1.5 * median(b))
KINDS = {
    Kind.CODE: f"{TOOLS} Python tools, {TOOLS * FUNCTIONS} functions, {TOOLS} secrets",
    Kind.MCP: f"{TOOLS} MCP servers, {TOOLS * FUNCTIONS} functions, {TOOLS} secrets",
    Kind.HTTP: f"{TOOLS} HTTP endpoints, {TOOLS} functions, {TOOLS} secrets",
}
# JSON of JSON columns is nested as it is; a sealed column is bytes of letters. What a
# Python tool has is read from its class.
BY_HAND = """
SELECT json_group_array(json_object(
    'name', t.name, 'config', json(t.config), 'key', p.key, 'kind', p.kind,
    'definition', json(p.definition), 'unselected', json(t.unselected_functions),
    'own', CAST(t.sensitive_config AS TEXT), 'shared', CAST(s.secrets AS TEXT),
    'limits', json_array(t.timeout_seconds, t.max_per_call, t.max_per_minute),
    'functions', (
        SELECT json_group_array(json_object(
            'name', f.name, 'description', f.description,
            'parameters', json(f.parameters), 'side_effect', f.is_side_effect,
            'presumed', f.is_presumed,
            'cacheable', f.is_cacheable, 'secret', json(f.secret_parameters)))
        FROM tools_app_toolfunction f
        WHERE f.platform_tool_id = p.id AND f.removed_at IS NULL
          AND f.rejection = '' AND p.kind <> 'code')))
FROM tools_app_agenttool t
JOIN agents_app_agent a ON a.id = t.agent_id
JOIN tools_app_platformtool p ON p.id = t.platform_tool_id
LEFT JOIN tools_app_toolsecret s
  ON s.platform_tool_id = p.id AND s.organization_id = a.organization_id
WHERE t.agent_id = %s AND t.is_active
"""


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """Both ways in turn, in this process; the arms have no part in it."""
    return await sync_to_async(_measure)(rounds)


def _measure(rounds: int) -> list[Row]:
    return [_row(kind, rounds) for kind in KINDS]


def _row(kind: Kind, rounds: int) -> Row:
    agent_id = make_agent(f"{TOOLS} of {kind}", kind).pk
    samples: tuple[Sample, Sample] = ([], [])
    pairs = list(zip((load_tools, _by_hand), samples, strict=True))
    for _ in range(rounds):
        for load, sample in pairs:
            load(agent_id)
            sample += [_milliseconds(load, agent_id) for _ in range(LOADS_PER_ROUND)]
        pairs.reverse()
    name = (
        f"{KINDS[kind]} of an agent read; peer: one SQL statement by hand, opened and "
        "parsed, objects made"
    )
    return Row(name, "ms", *samples, goal=GOAL, digits=2)


def _by_hand(agent_id: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [agent_id])
        [tools] = cursor.fetchone()
    keys = keyring()
    return [_made(tool, _opened(keys, tool)) for tool in json.loads(tools)]


def _opened(keys: MultiFernet, tool: Mapping[str, str]) -> dict[str, str]:
    tokens = [token for token in (tool["shared"], tool["own"]) if token]
    opened: dict[str, str] = {}
    for token in tokens:
        opened |= json.loads(keys.decrypt(token))
    return opened


def _made(tool: dict[str, Any], secrets: dict[str, str]) -> object:
    """What a call uses: the object of the tool, made from what was read."""
    definition = tool["definition"]
    if tool["kind"] == Kind.HTTP:
        return tool, http_tool.make(definition, secrets)
    if tool["kind"] == Kind.MCP:
        specs = [_spec(function) for function in tool["functions"]]
        return tool, mcp_tool.make(definition, specs, secrets)
    tool_class = registry().tools[tool["key"]]
    return tool, tool_class(
        tool_class.Config.model_validate(tool["config"]),
        tool_class.SensitiveConfig.model_validate(secrets),
    )


def _spec(function: Mapping[str, Any]) -> FunctionSpec:
    return FunctionSpec(
        name=function["name"],
        description=function["description"],
        parameters=function["parameters"],
        is_side_effect=bool(function["side_effect"]),
        is_presumed=bool(function["presumed"]),
        is_cacheable=bool(function["cacheable"]),
        secret_parameters=frozenset(function["secret"]),
    )


def _milliseconds(load: Callable[[int], object], agent_id: int) -> float:
    began = time.perf_counter()
    load(agent_id)
    return (time.perf_counter() - began) * 1000
