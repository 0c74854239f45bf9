"""What a tool's author writes: one class, its settings, its secrets, its functions.

    class WeatherTool(BaseTool):
        class Config(BaseConfig):
            units: Literal["metric", "imperial"] = "metric"

        class SensitiveConfig(BaseSensitiveConfig):
            api_key: str

        metadata = ToolMetadata(name="Weather", description="Forecasts", ...)

        async def forecast(self, context: RunContext, city: str) -> dict:
            \"\"\"Tell the weather of the next days in a city.\"\"\"

Async methods with a `RunContext` parameter are the functions; their docstrings and
annotations are what the model is told.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Literal, TypeVar

from livekit.agents import RunContext
from pydantic import BaseModel, ConfigDict, Field

from tools_app.call_context import CallContext
from tools_app.errors import ToolError
from tools_app.functions.specs import FunctionSpec

__all__ = [
    "BaseConfig",
    "BaseSensitiveConfig",
    "BaseTool",
    "CallContext",
    "RunContext",
    "Secret",
    "ToolError",
    "ToolMetadata",
    "cacheable",
    "side_effect",
]

Method = TypeVar("Method", bound=Callable[..., Any])
AuthType = Literal["none", "api_key", "oauth2", "service_account"]


class ToolMetadata(BaseModel):
    """What staff read of a tool before they give it to an agent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    description: str = Field(default="", max_length=500)
    requires_auth: bool = False
    auth_type: AuthType = "none"
    oauth_provider: str = Field(default="", max_length=40)


class BaseConfig(BaseModel):
    """A tool's settings: shown as a form."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BaseSensitiveConfig(BaseModel):
    """A tool's secrets: sealed, never shown. Its `repr` shows no value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [(name, "••••") for name in type(self).model_fields]


class Secret:
    """Marks a parameter that must not be written down: `Annotated[str, Secret()]`."""


class BaseTool:
    """A tool: made for each call with its agent's settings and secrets."""

    key: ClassVar[str] = ""
    Config: ClassVar[type[BaseConfig]] = BaseConfig
    SensitiveConfig: ClassVar[type[BaseSensitiveConfig]] = BaseSensitiveConfig
    metadata: Any

    def __init__(self, config: Any, secrets: Any) -> None:
        self.config = config
        self.secrets = secrets

    async def setup(self) -> None:
        """Open what the functions need; runs once per call, before the first one."""

    async def aclose(self) -> None:
        """Close what `setup` opened."""

    def told(self, spec: FunctionSpec) -> FunctionSpec:
        """A function as the model is told of it, where settings have a say in that:
        the names among which it may choose, for example."""
        return spec

    async def test_tool(self, context: RunContext[Any]) -> object:
        """Try the settings and secrets without doing harm, for the admin's *Test*;
        raises `ToolError` with what to mend."""
        return "This tool has no test of its own: try one of its functions."


def side_effect(method: Method) -> Method:
    """Mark a function that changes something: the same request runs once per call."""
    method.is_side_effect = True  # type: ignore[attr-defined]
    return method


def cacheable(method: Method) -> Method:
    """Mark a function whose answer holds for the rest of the call."""
    method.is_cacheable = True  # type: ignore[attr-defined]
    return method
