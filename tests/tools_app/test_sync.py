"""What staff see is what is installed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from agents_app.models import Agent
from tools_app import tasks
from tools_app.base import BaseTool, RunContext, ToolMetadata, cacheable
from tools_app.code_tools.registry import Registry, registry
from tools_app.errors import ToolMistake
from tools_app.functions.descriptions import Changes, describe
from tools_app.functions.specs import FunctionSpec
from tools_app.models import AgentTool, Kind, PlatformTool, ToolFunction
from tools_app.sync import sync_code_tools

Context = RunContext[Any]
METADATA = ToolMetadata(name="Clock")


async def now(self: BaseTool, context: Context) -> str:
    """Tell the time."""
    return ""


async def now_in(self: BaseTool, context: Context, town: str) -> str:
    """Tell the time in a town."""
    return ""


def clock(**members: Any) -> Registry:
    """A registry of one tool with these functions."""
    tool = type("ClockTool", (BaseTool,), {"metadata": METADATA, **members})
    found = Registry()
    found.add(tool)
    return found


def sync(found: Registry) -> Changes | None:
    """Write the clock, and give what changed."""
    changes = {tool.key: changes for tool, changes in sync_code_tools(found)}
    return changes.get("clock")


def row() -> PlatformTool:
    return PlatformTool.objects.get(key="clock")


def offered() -> list[str]:
    """The functions that are there."""
    return [f.name for f in row().functions.filter(removed_at=None)]


def test_installed_tool_is_written_as_its_author_says(weather: PlatformTool) -> None:
    assert (weather.name, weather.kind) == ("Weather", Kind.CODE)
    assert weather.auth_type == "api_key"
    assert weather.secret_names == ["api_key", "account"]
    assert weather.config_schema["properties"]["units"]["default"] == "metric"


def test_functions_are_written_in_order_with_what_they_are(
    weather: PlatformTool,
) -> None:
    functions = {function.name: function for function in weather.functions.all()}
    assert list(functions) == ["forecast", "subscribe", "hang", "explode"]
    assert functions["forecast"].parameters["required"] == ["city"]
    assert functions["subscribe"].is_side_effect
    assert functions["subscribe"].secret_parameters == ["pin"]


def test_second_run_changes_nothing(db: None) -> None:
    sync(clock(now=now))
    before = PlatformTool.objects.filter(key="clock").values().get()
    assert sync(clock(now=now)) is None
    assert PlatformTool.objects.filter(key="clock").values().get() == before


def test_new_tool_is_new_not_changed(db: None) -> None:
    sync(clock(now=now))
    assert row().last_change == {}
    assert row().version_hash


def test_changes_are_kept_for_staff(db: None) -> None:
    sync(clock(now=now, later=renamed(now, "later")))
    first = row().version_hash
    changes = sync(clock(now=renamed(now_in, "now"), sooner=renamed(now, "sooner")))
    assert str(changes) == "added sooner; removed later; changed now"
    assert row().last_change["removed"] == ["later"]
    assert row().version_hash != first


def renamed(method: Any, name: str) -> Any:
    """The same method under another name."""
    from types import FunctionType

    copy = FunctionType(method.__code__, method.__globals__, name)
    copy.__annotations__, copy.__doc__ = method.__annotations__, method.__doc__
    return copy


def test_removed_function_is_marked_and_back_again(db: None) -> None:
    sync(clock(now=now, later=renamed(now, "later")))
    kept = ToolFunction.objects.get(name="later")
    sync(clock(now=now))
    assert offered() == ["now"]
    sync(clock(now=now, later=renamed(now, "later")))
    assert offered() == ["now", "later"]
    assert ToolFunction.objects.get(name="later").pk == kept.pk


def test_marks_of_a_function_are_a_change(db: None) -> None:
    sync(clock(now=now))
    changes = sync(clock(now=cacheable(renamed(now, "now"))))
    assert changes and changes.changed == ["now"]


def test_name_of_a_tool_is_a_change(db: None) -> None:
    sync(clock(now=now))
    changes = sync(clock(now=now, metadata=ToolMetadata(name="Watch")))
    assert changes and changes.columns == ["name"]
    assert row().name == "Watch"


def test_tool_that_is_gone_is_marked_and_agents_keep_it(agent: Agent) -> None:
    sync(clock(now=now))
    AgentTool.objects.create(agent=agent, platform_tool=row(), name="clock")
    sync(Registry())
    assert row().removed_at
    assert agent.tools.count() == 1
    sync(clock(now=now))
    assert row().removed_at is None


def test_nothing_is_marked_as_gone_while_a_tool_cannot_be_read(db: None) -> None:
    sync(clock(now=now))
    sync(Registry(mistakes=[ToolMistake("cannot be imported", file="clock.py")]))
    assert row().removed_at is None


def test_other_kinds_are_left_alone(db: None) -> None:
    PlatformTool.objects.create(key="crm", name="CRM", kind=Kind.HTTP)
    sync(Registry())
    assert PlatformTool.objects.get(key="crm").removed_at is None


def test_what_the_model_would_refuse_is_written_beside_the_function(db: None) -> None:
    tool = PlatformTool.objects.create(key="odd", name="Odd", kind=Kind.MCP)
    anything = {"type": "object", "properties": {"what": {}}}
    describe(
        tool, [FunctionSpec("act", "Do it.", anything), FunctionSpec("a", "Fine.")]
    )
    act, fine = tool.functions.all()
    assert act.rejection == "what: has no type that the model can be told: name one"
    assert fine.rejection == ""


def test_what_no_database_takes_is_cut_away(db: None) -> None:
    tool = PlatformTool.objects.create(key="odd", name="Odd", kind=Kind.MCP)
    describe(tool, [FunctionSpec("a\0" + "b" * 300, "Do\0 it.")])
    [function] = tool.functions.all()
    assert function.name == "a" + "b" * 127
    assert function.description == "Do it."
    assert "64 characters" in function.rejection


def test_many_at_once_write_each_tool_once(committed: None) -> None:
    found = clock(now=now, later=renamed(now, "later"))
    begin = Barrier(6)

    def run(_: int) -> bool:
        begin.wait()
        changed = sync(found)
        connection.close()
        return bool(changed)

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(run, range(6))) == 1
    assert PlatformTool.objects.filter(key="clock").count() == 1
    assert offered() == ["now", "later"]
    assert row().last_change == {}


def test_text_that_no_database_can_store_is_written_without_it(
    weather: PlatformTool,
) -> None:
    odd = {"type": "object", "properties": {"a\0b": {"type": "string"}}}
    describe(weather, [FunctionSpec("odd\0", "Do\ud800 it.", odd)])
    function = weather.functions.get(name="odd")
    assert (function.description, "\0" in function.rejection) == ("Do? it.", False)


def test_command_prints_what_changed(
    installed: None, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sync_tools")
    assert "Weather: added forecast, subscribe" in capsys.readouterr().out
    call_command("sync_tools")
    assert capsys.readouterr().out == "No tool changed.\n"


def test_command_fails_with_the_mistake_and_writes_the_others(
    db: None, installed: None, broken_package: None
) -> None:
    with pytest.raises(CommandError, match=r"no_such_module.*cannot be imported"):
        call_command("sync_tools")
    assert PlatformTool.objects.filter(key="weather").exists()


def test_nothing_that_beat_sends_takes_away_what_was_installed_after_its_process(
    weather: PlatformTool, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.undo()
    registry.cache_clear()
    assert "weather" not in registry().tools
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        if entry["task"].startswith(tasks.__name__):
            current_app.tasks[entry["task"]]()
    weather.refresh_from_db()
    assert weather.removed_at is None
