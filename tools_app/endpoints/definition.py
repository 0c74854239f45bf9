"""What staff write of an endpoint, so that an agent can call it as a function."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from tools_app.endpoints.placeholders import names_in
from tools_app.endpoints.secret_places import (
    SecretPlace,
    check_places,
    header_name,
    secrets_model,
)
from tools_app.endpoints.url import EndpointUrl
from tools_app.functions.arguments import check_schema
from tools_app.functions.declarations import Rejected, declare
from tools_app.functions.specs import FunctionSpec

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Scalar = str | int | float | bool
Headers = dict[Annotated[str, AfterValidator(header_name)], str]
CHECKED = object()
NO_PARAMETERS: dict[str, Any] = {"type": "object", "properties": {}}


class HttpDefinition(BaseModel):
    """One endpoint as one function.

    In the path of the URL, in headers, query and body `{name}` stands for the parameter
    (or the secret placed as a placeholder) of that name. In the body a text that is
    nothing but a placeholder keeps the value's type; an entry whose parameter was not
    given is left out. `pick` is a JMESPath (https://jmespath.org) into a JSON answer.
    Unless it says otherwise, everything but GET has a side effect.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    function: str = Field(max_length=64)
    description: str = Field(min_length=1, max_length=2000)
    method: Method = "GET"
    url: EndpointUrl
    headers: Headers = {}
    query: dict[str, Scalar] = {}
    body: JsonValue = None
    parameters: dict[str, Any] = NO_PARAMETERS
    secret_parameters: list[str] = []
    secrets: list[SecretPlace] = []
    response: Literal["json", "text"] = "json"
    pick: str = Field(default="", max_length=500)
    timeout_seconds: float = Field(default=8.0, ge=0.5, le=60)
    retries: int = Field(default=1, ge=0, le=5)
    is_side_effect: bool | None = None
    is_cacheable: bool = False

    @field_validator("headers", "query", "body")
    @classmethod
    def _templates(cls, template: Any) -> Any:
        list(names_in(template))
        return template

    @classmethod
    def stored(cls, definition: Mapping[str, Any]) -> Self:
        """A definition as it was saved: what takes long to check was checked then, and
        a call waits. Raises pydantic's ValidationError."""
        return cls.model_validate(definition, context=CHECKED)

    @field_validator("parameters")
    @classmethod
    def _schema(cls, schema: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if schema.get("type", "object") != "object":
            raise ValueError('must be a JSON Schema with "type": "object"')
        whole = {"type": "object", "properties": {}, **schema}
        if info.context is not CHECKED:
            check_schema(whole)
        return whole

    @field_validator("secrets")
    @classmethod
    def _places(cls, secrets: list[SecretPlace]) -> list[SecretPlace]:
        check_places(secrets)
        return secrets

    @field_validator("pick")
    @classmethod
    def _jmespath(cls, pick: str) -> str:
        try:
            if pick:
                jmespath.compile(pick)
        except JMESPathError as error:
            first = str(error).splitlines()[0]
            raise ValueError(f"this is no JMESPath: {first}") from None
        return pick

    @model_validator(mode="after")
    def _fits_together(self, info: ValidationInfo) -> Self:
        errors = [
            InitErrorDetails(
                type=PydanticCustomError("definition", "{fault}", {"fault": fault}),
                loc=(field,),
                input=None,
            )
            for field, fault in (() if info.context is CHECKED else self._faults())
        ]
        if errors:
            raise ValidationError.from_exception_data("HttpDefinition", errors)
        return self

    @property
    def spec(self) -> FunctionSpec:
        """What the model is told of it."""
        by_method = self.method != "GET"
        told = self.is_side_effect
        return FunctionSpec(
            name=self.function,
            description=self.description,
            parameters={**self.parameters, "additionalProperties": False},
            is_side_effect=by_method if told is None else told,
            is_cacheable=self.is_cacheable,
            secret_parameters=frozenset(self.secret_parameters),
        )

    @property
    def sensitive_schema(self) -> dict[str, Any]:
        """The JSON Schema of its secrets."""
        return secrets_model(self.secrets).model_json_schema()

    @cached_property
    def picked(self) -> ParsedResult | None:
        """`pick`, compiled; None when the whole answer is wanted."""
        return jmespath.compile(self.pick) if self.pick else None

    def _faults(self) -> Iterator[tuple[str, str]]:
        """What does not fit together, by the field to mend."""
        parameters = set(self.parameters["properties"])
        held = {s.name for s in self.secrets if s.place == "placeholder"}
        yield from self._unknown_names(parameters, held)
        if both := parameters & held:
            yield "secrets", f"{_list(both)}: a parameter has this name already"
        if unused := parameters - self._names():
            yield (
                "parameters",
                f"{_list(unused)}: write {{{min(unused)}}} into the URL, the query, a "
                "header or the body, or remove it",
            )
        if unused := held - self._names():
            yield "secrets", f"write {{{min(unused)}}} where this secret goes"
        yield from self._other_faults(parameters)

    def _unknown_names(
        self, parameters: set[str], held: set[str]
    ) -> Iterator[tuple[str, str]]:
        for field in ("url", "headers", "query", "body"):
            names = set(names_in(getattr(self, field)))
            if unknown := names - parameters - held:
                known = _list(parameters) or "none"
                yield field, f"{_list(unknown)}: no such parameter; there is {known}"
        optional = set(names_in(self.url)) & parameters - self._always_given()
        if optional:
            yield "url", f"{_list(optional)}: make it required, for it is in the path"

    def _other_faults(self, parameters: set[str]) -> Iterator[tuple[str, str]]:
        if self.body is not None and self.method == "GET":
            yield "body", "a GET has no body: choose POST, or use query parameters"
        if unknown := set(self.secret_parameters) - parameters:
            yield "secret_parameters", f"{_list(unknown)}: no such parameter"
        if self.pick and self.response == "text":
            yield "pick", "only a JSON answer can be picked from: choose json"
        try:
            declare(self.spec)
        except Rejected as rejected:
            yield ("parameters" if rejected.parameter else "function"), str(rejected)

    def _names(self) -> set[str]:
        templates = [self.url, self.headers, self.query, self.body]
        return set(names_in(templates))

    def _always_given(self) -> set[str]:
        properties: Mapping[str, Any] = self.parameters["properties"]
        defaults = {n for n, s in properties.items() if _default(s) is not None}
        return set(self.parameters.get("required", ())) | defaults


def _default(schema: Any) -> Any:
    return schema.get("default") if isinstance(schema, dict) else None


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names))
