"""What reading an agent with its tools costs, against one statement written by hand."""

import json
import time
from collections.abc import Callable

from asgiref.sync import sync_to_async
from cryptography.fernet import MultiFernet
from django.db import connection

from accounts.models import Organization
from agents_app.config import AgentConfig
from agents_app.models import Agent
from sealed.keys import keyring
from tests.benchmarks.arms import Arm
from tests.benchmarks.row import Goal, Row, Sample, median
from tools_app.loading import load_tools
from tools_app.models import AgentTool, Kind, PlatformTool, ToolFunction

TOOLS, FUNCTIONS = 10, 4
LOADS_PER_ROUND = 20
GOAL = Goal("at most 1.5 times", lambda a, b: median(a) <= 1.5 * median(b))
PARAMETERS = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "Where"},
        "days": {"type": "integer", "description": "How many days ahead"},
    },
    "required": ["city"],
}
# JSON of JSON columns is nested as it is; a sealed column is bytes of letters.
BY_HAND = """
SELECT v.raw_config, (
    SELECT json_group_array(json_object(
        'name', t.name, 'config', json(t.config), 'key', p.key,
        'definition', json(p.definition), 'unselected', json(t.unselected_functions),
        'own', CAST(t.sensitive_config AS TEXT), 'shared', CAST(s.secrets AS TEXT),
        'limits', json_array(t.timeout_seconds, t.max_per_call, t.max_per_minute),
        'functions', (
            SELECT json_group_array(json_object(
                'name', f.name, 'description', f.description,
                'parameters', json(f.parameters), 'side_effect', f.is_side_effect,
                'cacheable', f.is_cacheable, 'secret', json(f.secret_parameters)))
            FROM tools_app_toolfunction f
            WHERE f.platform_tool_id = p.id AND f.removed_at IS NULL
              AND f.rejection = '')))
    FROM tools_app_agenttool t
    JOIN tools_app_platformtool p ON p.id = t.platform_tool_id
    LEFT JOIN tools_app_toolsecret s
      ON s.platform_tool_id = p.id AND s.organization_id = a.organization_id
    WHERE t.agent_id = a.id AND t.is_active)
FROM agents_app_agent a
JOIN agents_app_agentversion v ON v.id = a.published_version_id
WHERE a.id = %s
"""


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """Both ways in turn, in this process; the arms have no part in it."""
    return await sync_to_async(_measure)(rounds)


def _measure(rounds: int) -> list[Row]:
    agent_id = make_agent("Many tools").pk
    samples: tuple[Sample, Sample] = ([], [])
    pairs = list(zip((_by_rows, _by_hand), samples, strict=True))
    for _ in range(rounds):
        for load, sample in pairs:
            load(agent_id)
            sample += [_milliseconds(load, agent_id) for _ in range(LOADS_PER_ROUND)]
        pairs.reverse()
    name = (
        f"Agent with {TOOLS} tools, {TOOLS * FUNCTIONS} functions, {TOOLS} secrets "
        "read; peer: one SQL statement by hand, opened and parsed"
    )
    return [Row(name, "ms", *samples, goal=GOAL, digits=2)]


def make_agent(name: str) -> Agent:
    """An agent with many tools; of the kind whose functions are rows, the dearest."""
    organization = Organization.objects.create(name=name)
    agent = Agent.objects.create(organization=organization, name="Handy")
    agent.publish()
    for number in range(TOOLS):
        tool = PlatformTool.objects.create(
            key=f"tool-{number}",
            name=f"Tool {number}",
            kind=Kind.MCP,
            organization=organization,
            definition={"url": f"https://tool-{number}.example.com/mcp"},
        )
        ToolFunction.objects.bulk_create(
            ToolFunction(
                platform_tool=tool,
                name=f"look_up_{place}",
                description="Look something up.",
                parameters=PARAMETERS,
                position=place,
            )
            for place in range(FUNCTIONS)
        )
        AgentTool.objects.create(
            agent=agent,
            platform_tool=tool,
            name=f"tool-{number}",
            sensitive_config={"api_key": f"key-of-tool-{number}"},
        )
    return agent


def _by_rows(agent_id: int) -> object:
    agent = Agent.objects.select_related("published_version").get(pk=agent_id)
    version = agent.published_version
    tools = load_tools(agent_id)
    return version and version.config, [tool.specs for tool in tools]


def _by_hand(agent_id: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [agent_id])
        config, tools = cursor.fetchone()
    keys = keyring()
    return AgentConfig(**json.loads(config)), [
        tool | {"secrets": _opened(keys, tool)} for tool in json.loads(tools)
    ]


def _opened(keys: MultiFernet, tool: dict[str, str]) -> dict[str, str]:
    tokens = [token for token in (tool["shared"], tool["own"]) if token]
    opened: dict[str, str] = {}
    for token in tokens:
        opened |= json.loads(keys.decrypt(token))
    return opened


def _milliseconds(load: Callable[[int], object], agent_id: int) -> float:
    began = time.perf_counter()
    load(agent_id)
    return (time.perf_counter() - began) * 1000
