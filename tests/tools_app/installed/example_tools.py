"""A package with a tool, as others install one beside the platform."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from tools_app.base import (
    BaseConfig,
    BaseSensitiveConfig,
    BaseTool,
    RunContext,
    Secret,
    ToolError,
    ToolMetadata,
    side_effect,
)
from tools_app.functions.specs import FunctionSpec

Context = RunContext[Any]


class WeatherTool(BaseTool):
    """Tells the weather of an imagined world."""

    class Config(BaseConfig):
        units: Literal["metric", "imperial"] = "metric"
        towns: list[str] = []

        @field_validator("towns")
        @classmethod
        def _once(cls, towns: list[str]) -> list[str]:
            if len(set(towns)) < len(towns):
                raise ValueError("a town is named twice")
            return towns

    class SensitiveConfig(BaseSensitiveConfig):
        api_key: str
        account: str = ""

    metadata = ToolMetadata(
        name="Weather",
        description="Forecasts and alerts.",
        requires_auth=True,
        auth_type="api_key",
    )

    def told(self, spec: FunctionSpec) -> FunctionSpec:
        properties = spec.parameters["properties"]
        if not self.config.towns or "city" not in properties:
            return spec
        city = {**properties["city"], "enum": self.config.towns}
        whole = {**spec.parameters, "properties": {**properties, "city": city}}
        return replace(spec, parameters=whole)

    async def forecast(
        self, context: Context, city: str, days: Annotated[int, Field(ge=1, le=7)] = 1
    ) -> dict[str, Any]:
        """Tell the weather of the next days in a city.

        Args:
            city: As the caller says it.
        """
        return {"city": city, "days": days, "units": self.config.units}

    @side_effect
    async def subscribe(
        self, context: Context, phone: str, pin: Annotated[str, Secret()]
    ) -> str:
        """Send storm alerts to a phone."""
        return f"Alerts go to {phone}, with {pin} and {self.secrets.api_key}."

    async def hang(self, context: Context) -> str:
        """Answer never."""
        await asyncio.sleep(3600)
        return ""

    async def explode(self, context: Context) -> str:
        """Break with words that nobody should hear."""
        raise RuntimeError(f"the key is {self.secrets.api_key}")

    async def test_tool(self, context: Context) -> str:
        if self.secrets.api_key == "wrong-api-key":
            raise ToolError("The key is not accepted.", detail="HTTP 401")
        return f"The account {self.secrets.account} is fine, {self.secrets.api_key}."
