"""A hotel's front desk in an agent's hands, and callers who ask for something."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from agents_app.models import Agent
from telephony_app.models import Call
from tests.journeys.caller import Caller
from tests.journeys.conftest import ended
from tests.servers.stack import Stack
from tools_app.models import AgentTool, PlatformTool, ToolCall

Talk = Callable[[Agent], tuple[Caller, Call]]
Greeted = Callable[[Agent], AbstractContextManager[tuple[Caller, Call]]]
Clerk = Callable[..., Agent]
Written = Callable[[Call], list[ToolCall]]
KEY = "sesame-open-1234"


@pytest.fixture(autouse=True)
def _worker(stack: Stack) -> None:
    stack.worker()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """What really happened at the desk, line by line."""
    path = tmp_path / "book"
    path.touch()
    return path


@pytest.fixture
def clerk(stack: Stack, book: Path) -> Clerk:
    """An agent with a front desk, whose model first does what it is told here."""

    def make(*replies: Any, timeout: int = 10, **config: Any) -> Agent:
        script = f"[[sandbox {json.dumps({'replies': replies})}]]" if replies else ""
        agent = stack.make_agent(system_prompt=f"You are a hotel clerk. {script}")
        AgentTool.objects.create(
            agent=agent,
            platform_tool=PlatformTool.objects.get(key="front_desk"),
            name="desk",
            config={"book": str(book)} | config,
            sensitive_config={"key": KEY},
            unselected_functions=["secret_door"],
            timeout_seconds=timeout,
        )
        return agent

    return make


@pytest.fixture
def greeted(talk: Talk) -> Greeted:
    """Somebody calls, and hears the greeting."""

    @contextmanager
    def begin(agent: Agent) -> Iterator[tuple[Caller, Call]]:
        caller, call = talk(agent)
        with caller:
            caller.hears("help you today?")
            yield caller, call

    return begin


@pytest.fixture
def asked(greeted: Greeted) -> Greeted:
    """Somebody calls, and says what has the model begin."""

    @contextmanager
    def begin(agent: Agent) -> Iterator[tuple[Caller, Call]]:
        with greeted(agent) as (caller, call):
            caller.types("Please.")
            yield caller, call

    return begin


@pytest.fixture
def written(stack: Stack) -> Written:
    """What is written down of tools, once the call is over."""
    return lambda call: list(ended(stack, call).tool_calls.all())


def calling(*functions: str, say: str | None = None, **arguments: Any) -> Any:
    """A reply of the model: functions to call, all at once."""
    call = [{"name": name, "args": arguments} for name in functions]
    return {"call": call} | ({"say": say} if say else {})


def happened(book: Path) -> list[str]:
    """What really happened, between opening and closing."""
    return [x for x in book.read_text().splitlines() if x not in ("setup", "aclose")]
