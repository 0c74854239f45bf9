"""What the model is told of a method: the same as LiveKit would tell it."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from livekit.agents import RunContext, function_tool
from livekit.agents.llm.utils import build_legacy_openai_schema

from tests.tools_app.refused_signatures import Refused
from tests.tools_app.signatures import ManySignatures
from tools_app.base import BaseTool
from tools_app.code_tools.compiling import compiled
from tools_app.errors import ToolMistake
from tools_app.functions.specs import FunctionSpec

Context = RunContext[Any]
NAMES = list(compiled(ManySignatures))
REFUSED = [name for name, _ in inspect.getmembers(Refused, inspect.isfunction)]


def spec_of(name: str) -> FunctionSpec:
    return compiled(ManySignatures)[name].spec


def tool_of(**methods: Callable[..., Any]) -> type[BaseTool]:
    """A tool that has these methods."""
    return type("OddTool", (BaseTool,), methods)


def mistake_in(**methods: Callable[..., Any]) -> ToolMistake:
    """What is said of a tool with these methods."""
    with pytest.raises(ToolMistake) as caught:
        compiled(tool_of(**methods))
    return caught.value


def test_at_least_forty_signatures_are_compared() -> None:
    assert len(NAMES) >= 40


@pytest.mark.filterwarnings("ignore:Field name .* shadows")
@pytest.mark.parametrize("name", NAMES)
def test_schema_is_the_one_that_livekit_makes(name: str) -> None:
    tool = function_tool(getattr(ManySignatures({}, {}), name))
    stock = build_legacy_openai_schema(tool, internally_tagged=True)
    spec = spec_of(name)
    assert spec.name == stock["name"]
    assert spec.description == stock["description"]
    assert spec.parameters == stock["parameters"]


def test_marks_of_a_method_reach_its_spec() -> None:
    assert spec_of("marked").is_side_effect
    assert not spec_of("marked").is_cacheable
    assert not spec_of("text").is_side_effect


def test_secret_parameters_are_known() -> None:
    assert spec_of("marked").secret_parameters == {"pin"}
    assert spec_of("password").secret_parameters == {"password"}
    assert spec_of("text").secret_parameters == set()


def test_a_class_is_compiled_once() -> None:
    assert compiled(ManySignatures) is compiled(ManySignatures)


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_model_would_refuse_is_a_mistake_at_its_parameter(name: str) -> None:
    mistake = mistake_in(**{name: getattr(Refused, name)})
    assert mistake.method == f"OddTool.{name}"
    assert mistake.parameter == "wrong"


def test_mistake_names_file_method_and_parameter() -> None:
    async def forecast(self: BaseTool, context: Context, city) -> None:  # type: ignore[no-untyped-def]
        """Tell the weather."""

    mistake = mistake_in(forecast=forecast)
    assert "OddTool.forecast, parameter city: has no annotation" in str(mistake)
    assert mistake.file


def test_file_of_a_mistake_is_the_authors() -> None:
    class SilentTool(BaseTool):
        async def forecast(self, context: Context) -> None: ...

    with pytest.raises(ToolMistake, match="no docstring") as caught:
        compiled(SilentTool)
    assert caught.value.file == __file__


@pytest.mark.parametrize("kind", ["*args", "**kwargs"])
def test_parameters_without_a_name_are_refused(kind: str) -> None:
    async def stars(self: BaseTool, context: Context, *args: str) -> None:
        """Take any number."""

    async def double_stars(self: BaseTool, context: Context, **kwargs: str) -> None:
        """Take any names."""

    method = stars if kind == "*args" else double_stars
    assert kind in str(mistake_in(odd=method))


def test_positional_only_parameter_is_refused() -> None:
    async def odd(self: BaseTool, context: Context, city: str, /) -> None:
        """Take it by place."""

    assert "by name" in str(mistake_in(odd=odd))


def test_sync_method_with_a_context_is_refused() -> None:
    def odd(self: BaseTool, context: Context) -> None:
        """Forget the word async."""

    assert "async def" in str(mistake_in(odd=odd))


def test_generator_is_refused() -> None:
    async def odd(self: BaseTool, context: Context):  # type: ignore[no-untyped-def]
        """Yield."""
        yield ""

    assert "not yield" in str(mistake_in(odd=odd))


def test_static_method_is_refused() -> None:
    async def odd(context: Context) -> None:
        """Belong to nobody."""

    assert "ordinary method" in str(mistake_in(odd=staticmethod(odd)))


def test_context_without_its_annotation_is_refused() -> None:
    async def odd(self: BaseTool, context, city: str) -> None:  # type: ignore[no-untyped-def]
        """Forget what the context is."""

    mistake = mistake_in(odd=odd)
    assert mistake.parameter == "context"


def test_field_as_a_default_is_refused_with_the_way_to_write_it() -> None:
    from pydantic import Field

    async def odd(
        self: BaseTool, context: Context, city: str = Field(description="x")
    ) -> None:
        """Describe by the default."""

    assert "Annotated[type, Field(...)]" in str(mistake_in(odd=odd))


def test_annotation_that_stands_for_nothing_is_refused() -> None:
    async def odd(self: BaseTool, context: "RunContext[Any]", city: "Missing") -> None:  # type: ignore[name-defined]  # noqa: F821
        """Name what is not there."""

    assert "Missing" in str(mistake_in(odd=odd))


def test_type_without_a_schema_is_refused_at_its_parameter() -> None:
    async def odd(
        self: BaseTool, context: Context, fine: str, wrong: Callable[[], None]
    ) -> None:
        """Take a function."""

    assert mistake_in(odd=odd).parameter == "wrong"


@pytest.mark.parametrize("name", ["größe", "a" * 65])
def test_name_that_gemini_refuses_is_refused(name: str) -> None:
    async def odd(self: BaseTool, context: Context) -> None:
        """Have an odd name."""

    odd.__name__ = name
    assert "64 characters" in str(mistake_in(**{name: odd}))


def test_parameter_name_that_pydantic_refuses_is_refused_by_name() -> None:
    async def odd(self: BaseTool, context: Context, _city: str) -> None:
        """Hide a parameter."""

    assert mistake_in(odd=odd).parameter == "_city"


def test_functions_of_one_name_are_refused() -> None:
    class TwiceTool(BaseTool):
        async def same(self, context: Context) -> None:
            """Be the first."""

        async def same(self, context: Context, city: str) -> None:  # type: ignore[no-redef]  # noqa: F811
            """Be the second."""

    with pytest.raises(ToolMistake, match=r"TwiceTool\.same: two functions share"):
        compiled(TwiceTool)


def test_tool_without_functions_is_refused() -> None:
    assert "has no function" in str(mistake_in())


def test_methods_that_are_not_for_the_model_are_left_alone() -> None:
    class QuietTool(BaseTool):
        async def shown(self, context: Context) -> None:
            """Be shown."""

        async def _hidden(self, context: Context, anything) -> None: ...  # type: ignore[no-untyped-def]

        async def fetch(self, url) -> None: ...  # type: ignore[no-untyped-def]

        async def test_tool(self, context: Context) -> object: ...

    assert list(compiled(QuietTool)) == ["shown"]


def test_inherited_functions_belong_to_the_tool_unless_taken_away() -> None:
    class Base(BaseTool):
        async def kept(self, context: Context) -> None:
            """Be kept."""

        async def dropped(self, context: Context) -> None:
            """Be dropped."""

    class Heir(Base):
        dropped = None  # type: ignore[assignment]

    assert list(compiled(Heir)) == ["kept"]
