"""From a method to what the model is told of it: `FunctionSpec` and arguments model.

The schema is the one that `livekit.agents.function_tool` makes of a bound method, but
made once per class and not at every call; a differential test keeps the two equal.
"""

import ast
import inspect
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic.fields import FieldInfo

from tools_app.base import BaseTool
from tools_app.code_tools.signatures import (
    Method,
    Signature,
    file_of,
    is_context,
    is_secret,
)
from tools_app.errors import ToolMistake
from tools_app.functions.declarations import Rejected, declare
from tools_app.functions.specs import FunctionSpec


@dataclass(frozen=True)
class CompiledFunction:
    """A function of a tool, ready to be declared, validated and called.

    `null_means_default` are the parameters that a model may send as null although they
    take none: their default is meant.
    """

    spec: FunctionSpec
    arguments: type[BaseModel]
    context_name: str
    null_means_default: frozenset[str]


def compiled(tool_class: type[BaseTool]) -> Mapping[str, CompiledFunction]:
    """Every function of a tool by name, made once per class.

    Raises `ToolMistake` naming the file, the method and the parameter to mend.
    """
    if tool_class not in _made:
        _made[tool_class] = _functions(tool_class)
    return _made[tool_class]


_made: WeakKeyDictionary[type[BaseTool], Mapping[str, CompiledFunction]] = (
    WeakKeyDictionary()
)


def _functions(tool_class: type[BaseTool]) -> Mapping[str, CompiledFunction]:
    """Every function of a class by name; raises `ToolMistake`."""
    _check_names_differ(tool_class)
    functions = {
        name: _compile(Signature(tool_class, method))
        for name, method in _methods(tool_class)
    }
    if not functions:
        raise ToolMistake(
            f"{tool_class.__name__} has no function: write an async method with a "
            "parameter `context: RunContext`",
            file=file_of(tool_class),
        )
    return MappingProxyType(functions)


def _methods(tool_class: type[BaseTool]) -> Iterator[tuple[str, Method]]:
    """Its public methods with a `RunContext`, inherited ones first."""
    classes = [c for c in reversed(tool_class.__mro__) if c not in BaseTool.__mro__]
    names = dict.fromkeys(name for c in classes for name in vars(c))
    for name in names:
        if name.startswith("_") or hasattr(BaseTool, name):
            continue
        method = inspect.getattr_static(tool_class, name)
        if _is_function(tool_class, method):
            yield name, method


def _is_function(tool_class: type[BaseTool], method: Any) -> bool:
    """Whether a method is meant for the model; raises `ToolMistake` where it is meant
    so, and cannot be."""
    plain = getattr(method, "__func__", method)
    if not inspect.isfunction(plain) or not _takes_context(plain):
        return False
    mistake = Signature(tool_class, plain).mistake
    if plain is not method:
        raise mistake("must be an ordinary method: a function works for one call")
    if not inspect.iscoroutinefunction(plain):
        raise mistake("has a RunContext, so it must be `async def`, and not yield")
    return True


def _takes_context(method: Method) -> bool:
    """By its annotations as written; one named `context` was meant to have it."""
    for p in inspect.signature(method).parameters.values():
        if isinstance(p.annotation, str):
            if "RunContext" in p.annotation:
                return True
        elif is_context(p.annotation):
            return True
        elif p.name == "context" and p.annotation is p.empty:
            return inspect.iscoroutinefunction(method)
    return False


def _compile(signature: Signature) -> CompiledFunction:
    """One function; raises `ToolMistake`."""
    method = signature.method
    fields = signature.fields()
    model = _arguments_model(signature, fields)
    secret = (n for n, hint in signature.hints().items() if is_secret(hint))
    spec = FunctionSpec(
        name=method.__name__,
        description=_description(signature),
        parameters=model.model_json_schema(),
        is_side_effect=getattr(method, "is_side_effect", False),
        is_cacheable=getattr(method, "is_cacheable", False),
        secret_parameters=frozenset(secret) & frozenset(fields),
    )
    _check_declaration(signature, spec)
    return CompiledFunction(
        spec, model, signature.context_name(), _null_means_default(fields)
    )


def _description(signature: Signature) -> str:
    """The docstring without its arguments: it is how the model chooses."""
    if not (text := signature.docstring.description):
        raise signature.mistake(
            "has no docstring: say when the model should call it, and what it gives"
        )
    return text


def _arguments_model(
    signature: Signature, fields: dict[str, FieldInfo]
) -> type[BaseModel]:
    """The Pydantic model of the arguments, named as LiveKit names it."""
    words = signature.method.__name__.split("_")
    name = "".join(word.capitalize() for word in words) + "Args"
    try:
        return _model(name, fields)
    except Exception as error:
        for field, info in fields.items():
            _check_type(signature, field, info)
        raise signature.mistake(f"its parameters cannot be read: {error}") from error


def _check_type(signature: Signature, name: str, field: FieldInfo) -> None:
    """Raise `ToolMistake` for a parameter that has no schema."""
    try:
        _model("Alone", {name: field})
    except Exception as error:
        text = str(error).splitlines()[0]
        raise signature.mistake(f"cannot be told to a model: {text}", name) from error


def _model(name: str, fields: dict[str, FieldInfo]) -> type[BaseModel]:
    """A model that has a schema; a field may be named like a method of it."""
    config = ConfigDict(hide_input_in_errors=True, protected_namespaces=())
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Field name .* shadows")
        typed: dict[str, Any] = {n: (f.annotation, f) for n, f in fields.items()}
        model = create_model(name, __config__=config, **typed)
    model.model_json_schema()
    return model


def _check_declaration(signature: Signature, spec: FunctionSpec) -> None:
    """Raise `ToolMistake` for what the model would refuse: it would end the call."""
    try:
        declare(spec)
    except Rejected as rejected:
        raise signature.mistake(rejected.text, rejected.parameter) from rejected


def _null_means_default(fields: dict[str, FieldInfo]) -> frozenset[str]:
    return frozenset(
        name
        for name, field in fields.items()
        if not field.is_required() and not _takes_none(field)
    )


def _takes_none(field: FieldInfo) -> bool:
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(field.annotation or Any)
        adapter.validate_python(None)
    except ValidationError:
        return False
    return True


def _check_names_differ(tool_class: type[BaseTool]) -> None:
    """Raise `ToolMistake` for a method written twice: Python would keep the last."""
    try:
        source = textwrap.dedent(inspect.getsource(tool_class))
    except (OSError, TypeError):
        return
    body = ast.parse(source).body[0]
    methods = [n for n in ast.walk(body) if isinstance(n, ast.AsyncFunctionDef)]
    mine = [n.name for n in methods if n in getattr(body, "body", ())]
    if twice := [name for name, count in Counter(mine).items() if count > 1]:
        raise ToolMistake(
            "two functions share this name",
            file=file_of(tool_class),
            method=f"{tool_class.__name__}.{twice[0]}",
        )
