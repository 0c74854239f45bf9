"""Tools that are Python classes, while a call runs."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from tools_app.base import BaseTool, RunContext
from tools_app.code_tools.compiling import CompiledFunction, compiled
from tools_app.code_tools.registry import registry
from tools_app.errors import ToolError
from tools_app.functions.declarations import declare
from tools_app.functions.specs import FunctionSpec
from tools_app.functions.wrong_arguments import unknown_function, wrong_arguments


def make(key: str, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> "CodeTool":
    """The class of this key with an agent's settings and secrets.

    Raises `ToolGone`, and what `CodeTool` raises.
    """
    if not (tool_class := registry().tools.get(key)):
        raise ToolGone(key)
    return CodeTool(tool_class, config, secrets)


class ToolGone(Exception):
    """The code of a tool is not installed here any more, or cannot be imported."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no code for the tool {key!r} on this worker.")


class CodeTool:
    """A `RunningTool` whose functions are the methods of an author's class.

    Raises pydantic's ValidationError when the settings or secrets are not what the
    class asks for, `Rejected` when the model would refuse what the class makes of them,
    and whatever the author let through: all here, before the call begins.
    """

    def __init__(
        self,
        tool_class: type[BaseTool],
        config: Mapping[str, Any],
        secrets: Mapping[str, Any],
    ) -> None:
        self._functions: Mapping[str, CompiledFunction] = compiled(tool_class)
        self._tool = tool_class(
            tool_class.Config.model_validate(config),
            tool_class.SensitiveConfig.model_validate(secrets),
        )
        self._specs = [self._told(known.spec) for known in self._functions.values()]

    @property
    def specs(self) -> Sequence[FunctionSpec]:
        """Every function of the class, as the settings have it told."""
        return self._specs

    async def setup(self) -> None:
        """Open what the author's functions need."""
        await self._tool.setup()

    def validated(self, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as the method takes them, defaults filled in; raises
        `ToolError` naming each wrong field and what it should be."""
        known = self._known(function)
        nulls = known.null_means_default
        given = {k: v for k, v in arguments.items() if v is not None or k not in nulls}
        try:
            model = known.arguments.model_validate(given)
        except ValidationError as error:
            raise wrong_arguments(function, error) from None
        if unknown := given.keys() - known.arguments.model_fields.keys():
            raise ToolError(
                f"Wrong arguments for {function}: there is no {', '.join(unknown)}."
            )
        return dict(model.__dict__)

    async def call(
        self, function: str, arguments: dict[str, Any], context: RunContext[Any]
    ) -> object:
        """Run the method; raises `ToolError`, and whatever the author let through."""
        name = self._known(function).context_name
        return await getattr(self._tool, function)(**{name: context}, **arguments)

    async def test(self, context: RunContext[Any]) -> object:
        """The author's own test of settings and secrets; raises `ToolError`."""
        return await self._tool.test_tool(context)

    async def aclose(self) -> None:
        """Close what `setup` opened."""
        await self._tool.aclose()

    def _told(self, spec: FunctionSpec) -> FunctionSpec:
        told = self._tool.told(spec)
        if told is not spec:
            declare(told)
        return told

    def _known(self, function: str) -> CompiledFunction:
        try:
            return self._functions[function]
        except KeyError:
            raise unknown_function(function, self._functions) from None
