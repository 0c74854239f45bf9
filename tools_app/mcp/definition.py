"""What staff write of an MCP server (https://modelcontextprotocol.io)."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tools_app.endpoints.definition import Headers
from tools_app.endpoints.placeholders import names_in
from tools_app.endpoints.secret_places import SecretPlace, check_places, secrets_model
from tools_app.endpoints.url import EndpointUrl


class McpDefinition(BaseModel):
    """A server that is asked for its functions, over streamable HTTP.

    In the path of the URL and in headers `{name}` stands for the secret of that name
    whose place is a placeholder. `timeout_seconds` is for one call, with connecting.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: EndpointUrl
    headers: Headers = {}
    secrets: list[SecretPlace] = []
    timeout_seconds: float = Field(default=8.0, ge=0.5, le=60)

    @field_validator("secrets")
    @classmethod
    def _places(cls, secrets: list[SecretPlace]) -> list[SecretPlace]:
        check_places(secrets)
        return secrets

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        held = {s.name for s in self.secrets if s.place == "placeholder"}
        names = set(names_in([self.url, self.headers]))
        if unknown := sorted(names - held):
            raise ValueError(f"{', '.join(unknown)}: no secret with a placeholder")
        if unused := sorted(held - names):
            raise ValueError(f"write {{{unused[0]}}} into the URL or a header")
        return self

    @property
    def sensitive_schema(self) -> dict[str, Any]:
        """The JSON Schema of its secrets."""
        return secrets_model(self.secrets).model_json_schema()
