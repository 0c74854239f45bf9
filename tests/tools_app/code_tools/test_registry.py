"""Which tools are found, and what is said of those that cannot be."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from tools_app.base import BaseTool, ToolMetadata
from tools_app.code_tools.registry import (
    Registry,
    find_tools,
    key_of,
    metadata_of,
    registry,
)
from tools_app.errors import ToolMistake

TOOL = '''
from tools_app.base import BaseTool, RunContext, ToolMetadata

class {name}(BaseTool):
    {key}
    metadata = ToolMetadata(name="{name}")

    async def act(self, context: RunContext, what: str) -> str:
        """Do it."""
'''
Write = Callable[..., ModuleType]


def tool(name: str, key: str = "") -> str:
    """The source of a tool."""
    return TOOL.format(name=name, key=f'key = "{key}"' if key else "")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a package of these modules, and imports it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(name: str = "some_tools", **modules: str) -> ModuleType:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        for module, source in modules.items():
            (folder / f"{module}.py").write_text(source)
        return import_module(name)

    yield write
    for module in [m for m in sys.modules if m.split(".")[0].endswith("_tools")]:
        del sys.modules[module]


def found_in(package: ModuleType, *points: EntryPoint) -> Registry:
    return find_tools(package, points)


def point(value: str) -> EntryPoint:
    """What a package declares in its metadata."""
    return EntryPoint(name="extra", value=value, group="voice_agent_tools")


def test_every_module_of_the_package_is_looked_at(package: Write) -> None:
    found = found_in(package(weather=tool("WeatherTool"), sms=tool("SendSmsTool")))
    assert set(found.tools) == {"weather", "send_sms"}
    assert found.mistakes == []


def test_built_in_tools_have_no_mistakes() -> None:
    registry().check()


def test_entry_points_name_a_module_a_package_or_a_class(package: Write) -> None:
    empty = package("empty_tools")
    package("extra_tools", one=tool("OneTool"), two=tool("TwoTool"))
    module = found_in(empty, point("extra_tools.one"))
    whole = found_in(empty, point("extra_tools"))
    named = found_in(empty, point("extra_tools.two:TwoTool"))
    assert set(module.tools) == {"one"}
    assert set(whole.tools) == {"one", "two"}
    assert set(named.tools) == {"two"}


def test_tool_named_twice_by_entry_points_is_one(package: Write) -> None:
    tools = package(one=tool("OneTool"))
    found = found_in(tools, point("some_tools.one"))
    assert set(found.tools) == {"one"}
    assert found.mistakes == []


def test_same_key_twice_names_both_files(package: Write) -> None:
    found = found_in(package(a=tool("ATool", "same"), b=tool("BTool", "same")))
    with pytest.raises(ToolMistake, match=r"b\.py.*key 'same' of ATool in .*a\.py"):
        found.check()


def test_module_that_fails_is_named_and_the_others_are_found(package: Write) -> None:
    found = found_in(package(bad="import no_such_module", good=tool("GoodTool")))
    assert set(found.tools) == {"good"}
    with pytest.raises(ToolMistake, match=r"bad\.py: cannot be imported: Module"):
        found.check()


def test_module_that_fails_in_a_package_of_others_is_named(package: Write) -> None:
    empty = package("empty_tools")
    package("extra_tools", bad="1 / 0", good=tool("GoodTool"))
    found = found_in(empty, point("extra_tools"))
    assert set(found.tools) == {"good"}
    assert "bad.py: cannot be imported: ZeroDivisionError" in str(found.mistakes[0])


def test_entry_point_that_names_nothing_is_named(package: Write) -> None:
    found = found_in(package(), point("some_tools.missing"))
    assert "some_tools.missing (entry point extra)" in str(found.mistakes[0])


def test_entry_point_that_names_no_tool_is_a_mistake(package: Write) -> None:
    found = found_in(package(), point("json:dumps"))
    assert "neither a module nor a tool's class" in str(found.mistakes[0])


def test_mistake_in_a_function_is_kept_beside(package: Write) -> None:
    source = tool("OddTool").replace("what: str", "what")
    found = found_in(package(odd=source))
    assert found.tools == {}
    assert "odd.py: OddTool.act, parameter what" in str(found.mistakes[0])


def test_all_mistakes_are_told_at_once(package: Write) -> None:
    found = found_in(package(bad="1 / 0", worse="import no_such_module"))
    with pytest.raises(ToolMistake) as caught:
        found.check()
    assert "worse.py" in "".join(caught.value.__notes__)


def test_imported_and_underscored_classes_are_no_tools(package: Write) -> None:
    source = tool("_Base") + "from some_tools.one import OneTool\n"
    found = found_in(package(one=tool("OneTool"), two=source))
    assert set(found.tools) == {"one"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("WeatherTool", "weather"),
        ("SendSMSTool", "send_sms"),
        ("GoogleCalendar", "google_calendar"),
        ("Tool", "tool"),
        ("CRM2Tool", "crm2"),
    ],
)
def test_key_is_the_name_of_the_class_without_tool(name: str, key: str) -> None:
    assert key_of(type(name, (BaseTool,), {})) == key


def test_key_that_no_column_takes_is_a_mistake() -> None:
    with pytest.raises(ToolMistake, match="small letters"):
        key_of(type("OddTool", (BaseTool,), {"key": "Not this!"}))


def test_key_is_not_inherited() -> None:
    first = type("FirstTool", (BaseTool,), {"key": "mine"})
    assert key_of(type("SecondTool", (first,), {})) == "second"


def test_metadata_may_be_a_property() -> None:
    class NamedTool(BaseTool):
        @property
        def metadata(self) -> ToolMetadata:
            return ToolMetadata(name="Named")

    assert metadata_of(NamedTool).name == "Named"


@pytest.mark.parametrize("metadata", [None, "Weather", property(lambda self: 1 / 0)])
def test_missing_or_broken_metadata_is_a_mistake(metadata: object) -> None:
    with pytest.raises(ToolMistake, match="needs `metadata = ToolMetadata"):
        metadata_of(type("OddTool", (BaseTool,), {"metadata": metadata}))
