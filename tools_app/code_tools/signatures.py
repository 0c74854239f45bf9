"""Reading a method: which methods are functions, and what their parameters are."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

import docstring_parser
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from tools_app.base import BaseTool, RunContext, Secret
from tools_app.errors import ToolMistake

Method = Callable[..., Any]
NOT_PASSED_BY_NAME = {
    inspect.Parameter.VAR_POSITIONAL: "*args cannot be told to a model: name each one",
    inspect.Parameter.VAR_KEYWORD: "**kwargs cannot be told to a model: name each one",
    inspect.Parameter.POSITIONAL_ONLY: "must be one that can be passed by name",
}


def file_of(tool_class: type) -> str:
    """The file that a class is written in, for whoever has to mend it."""
    try:
        return inspect.getfile(tool_class)
    except (OSError, TypeError):
        return tool_class.__module__


@dataclass(frozen=True)
class Signature:
    """A method of a tool as a function: its context's name, its parameters."""

    tool_class: type[BaseTool]
    method: Method

    def mistake(self, text: str, parameter: str = "") -> ToolMistake:
        """What is wrong with it, with its place."""
        name = f"{self.tool_class.__name__}.{self.method.__name__}"
        file = file_of(self.tool_class)
        return ToolMistake(text, file=file, method=name, parameter=parameter)

    @property
    def docstring(self) -> docstring_parser.Docstring:
        """Its docstring, in any of the usual styles."""
        return docstring_parser.parse(self.method.__doc__)

    def hints(self) -> dict[str, Any]:
        """Annotations by name; raises `ToolMistake` for one that cannot be read."""
        try:
            return get_type_hints(self.method, include_extras=True)
        except Exception as error:  # noqa: BLE001  Annotations are any expression.
            raise self.mistake(f"an annotation cannot be read: {error}") from error

    def parameters(self) -> list[inspect.Parameter]:
        """All but `self`."""
        return list(inspect.signature(self.method).parameters.values())[1:]

    def context_name(self) -> str:
        """The name of the `RunContext` parameter."""
        hints = self.hints()
        names = [p.name for p in self.parameters() if is_context(hints.get(p.name))]
        if len(names) != 1:
            raise self.mistake("needs one parameter `context: RunContext`")
        return names[0]

    def fields(self) -> dict[str, FieldInfo]:
        """What the model may pass, as fields of the arguments model."""
        hints = self.hints()
        told = {p.arg_name: p.description for p in self.docstring.params}
        return {
            p.name: self._field(p, hints[p.name], told.get(p.name))
            for p in self._checked(hints)
        }

    def _checked(self, hints: dict[str, Any]) -> Iterator[inspect.Parameter]:
        """The parameters without the context; raises `ToolMistake`."""
        for p in self.parameters():
            if p.kind in NOT_PASSED_BY_NAME:
                raise self.mistake(NOT_PASSED_BY_NAME[p.kind], p.name)
            if p.name not in hints:
                raise self.mistake(
                    f"has no annotation: write `{p.name}: str`, or its type", p.name
                )
            if isinstance(p.default, FieldInfo):
                raise self.mistake(
                    f"write `{p.name}: Annotated[type, Field(...)]`, with the default "
                    "after an equals sign",
                    p.name,
                )
            if not is_context(hints[p.name]):
                yield p

    @staticmethod
    def _field(p: inspect.Parameter, hint: Any, told: str | None) -> FieldInfo:
        """As LiveKit reads a parameter: `Field(...)` before the docstring."""
        field = FieldInfo.from_annotation(hint)
        if p.default is not p.empty and field.default is PydanticUndefined:
            field.default = p.default
        if field.description is None:
            field.description = told
        return field


def is_context(hint: Any) -> bool:
    """Whether an annotation is the running call, which the model does not pass."""
    origin = get_origin(hint) or hint
    return isinstance(origin, type) and issubclass(origin, RunContext)


def is_secret(hint: Any, within: tuple[Any, ...] = ()) -> bool:
    """Whether a value of this type, or a part of it, must not be written down."""
    if hint in (SecretStr, Secret) or isinstance(hint, Secret):
        return True
    parts = get_args(hint)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        fields = hint.model_fields.values()
        parts = tuple(part for f in fields for part in (f.annotation, *f.metadata))
    return hint not in within and any(is_secret(p, (*within, hint)) for p in parts)
