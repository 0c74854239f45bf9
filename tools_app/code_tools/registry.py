"""Every tool that is written in Python: the built-in ones, and those of packages.

A package offers tools by an entry point of the group `voice_agent_tools` that names a
module, a package of modules, or a class.
"""

import contextlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from tools_app import implementations
from tools_app.base import BaseTool, ToolMetadata
from tools_app.code_tools.compiling import compiled
from tools_app.code_tools.signatures import file_of
from tools_app.errors import ToolMistake

ENTRY_POINTS = "voice_agent_tools"
KEY = re.compile(r"[a-z][a-z0-9_]{0,79}")

ToolClass = type[BaseTool]


@dataclass
class Registry:
    """The tools by key, and the mistakes of those that cannot be used.

    Who deploys is told of every mistake (`check`); who is on the phone misses one
    tool, and keeps the call.
    """

    tools: dict[str, ToolClass] = field(default_factory=dict)
    mistakes: list[ToolMistake] = field(default_factory=list)

    def check(self) -> None:
        """Raise the first mistake, with the others as notes."""
        for mistake in self.mistakes[:1]:
            for other in self.mistakes[1:]:
                mistake.add_note(str(other))
            raise mistake

    def add(self, tool_class: ToolClass) -> None:
        """Put a class under its key, or its mistake beside."""
        if tool_class in self.tools.values():
            return
        try:
            key = key_of(tool_class)
            self._check_free(key, tool_class)
            metadata_of(tool_class)
            schemas_of(tool_class)
            compiled(tool_class)
            self.tools[key] = tool_class
        except ToolMistake as mistake:
            self.mistakes.append(mistake)

    def add_from(self, file: str, load: Callable[[], object]) -> None:
        """Put in what a module or package holds, or that it cannot be imported."""
        try:
            loaded = load()
            found = _classes(loaded)
        except Exception as error:  # noqa: BLE001  A module runs any code.
            text = f"cannot be imported: {type(error).__name__}: {error}"
            self.mistakes.append(ToolMistake(text, file=file))
            return
        for tool_class in found:
            self.add(tool_class)
        for inner_file, name in _modules(loaded):
            self.add_from(inner_file, partial(import_module, name))

    def _check_free(self, key: str, tool_class: ToolClass) -> None:
        if not (other := self.tools.get(key)):
            return
        raise ToolMistake(
            f"{tool_class.__name__} has the key {key!r} of {other.__name__} in "
            f"{file_of(other)}: give one of them another `key`",
            file=file_of(tool_class),
        )


@cache
def registry() -> Registry:
    """What is installed, looked at once per process."""
    return find_tools(implementations, entry_points(group=ENTRY_POINTS))


def find_tools(package: ModuleType, points: Iterable[EntryPoint]) -> Registry:
    """The tools in a package's modules, and those that entry points name."""
    found = Registry()
    found.add_from(package.__name__, lambda: package)
    for point in points:
        found.add_from(f"{point.value} (entry point {point.name})", point.load)
    return found


def key_of(tool_class: ToolClass) -> str:
    """Its `key`, or the name of the class: `SendSmsTool` is `send_sms`.

    Raises `ToolMistake` for one that cannot stand in a database column.
    """
    name = re.sub(r"(?<=.)Tool$", "", tool_class.__name__)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    key = vars(tool_class).get("key") or words.lower()
    if isinstance(key, str) and KEY.fullmatch(key):
        return key
    raise ToolMistake(
        f"the key {key!r} of {tool_class.__name__} must be small letters, digits and _",
        file=file_of(tool_class),
    )


def metadata_of(tool_class: ToolClass) -> ToolMetadata:
    """What staff read of it, written as class attribute or as property.

    Raises `ToolMistake` when it is missing or not a `ToolMetadata`.
    """
    found = getattr(tool_class, "metadata", None)
    if isinstance(found, property) and found.fget:
        with contextlib.suppress(Exception):
            found = found.fget(object.__new__(tool_class))
    if isinstance(found, ToolMetadata):
        return found
    raise ToolMistake(
        f"{tool_class.__name__} needs `metadata = ToolMetadata(name=..., "
        "description=...)`, or a name that begins with _ if it is only a base",
        file=file_of(tool_class),
    )


def schemas_of(tool_class: ToolClass) -> tuple[dict[str, Any], dict[str, Any]]:
    """The JSON Schemas of its settings and of its secrets.

    Raises `ToolMistake` for a field that no form can be made for.
    """
    try:
        return (
            tool_class.Config.model_json_schema(),
            tool_class.SensitiveConfig.model_json_schema(),
        )
    except Exception as error:
        text = str(error).splitlines()[0]
        raise ToolMistake(
            f"the settings of {tool_class.__name__} cannot be read: {text}",
            file=file_of(tool_class),
        ) from error


def _modules(package: object) -> Iterator[tuple[str, str]]:
    """The modules directly in a package: file and name; none in a plain module."""
    if not isinstance(package, ModuleType) or not hasattr(package, "__path__"):
        return
    folder = Path(package.__path__[0])
    for info in pkgutil.iter_modules(package.__path__):
        inner = folder / info.name / "__init__.py"
        file = inner if info.ispkg else folder / f"{info.name}.py"
        yield str(file), f"{package.__name__}.{info.name}"


def _classes(found: object) -> list[ToolClass]:
    """The tool classes written in a module; a name beginning with _ is only a base."""
    if inspect.isclass(found) and issubclass(found, BaseTool):
        return [found]
    if not inspect.ismodule(found):
        raise TypeError(f"{found!r} is neither a module nor a tool's class")
    classes = [value for value in vars(found).values() if inspect.isclass(value)]
    return [
        c
        for c in classes
        if issubclass(c, BaseTool)
        and c.__module__ == found.__name__
        and not c.__name__.startswith("_")
    ]
