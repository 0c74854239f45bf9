"""An endpoint as a tool, while a call runs."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx2
from jmespath.exceptions import JMESPathError

from tools_app.endpoints.definition import HttpDefinition
from tools_app.endpoints.placeholders import LeftOut, as_text, fill, fill_text
from tools_app.endpoints.secret_places import place_secrets
from tools_app.endpoints.url import fill_url
from tools_app.errors import ToolError
from tools_app.functions.arguments import ArgumentsSchema
from tools_app.functions.specs import FunctionSpec
from tools_app.functions.wrong_arguments import unknown_function
from tools_app.http import Answer, open_client, send
from tools_app.http_failures import BROKEN

if TYPE_CHECKING:
    from tools_app.base import RunContext

EMPTY = "Done: the service answered without any data."
NOTHING_PICKED = "The service found nothing."


def make(definition: Mapping[str, Any], secrets: Mapping[str, Any]) -> "HttpTool":
    """The tool as it is stored; raises pydantic's ValidationError naming what is
    missing."""
    return HttpTool(HttpDefinition.stored(definition), secrets)


class HttpTool:
    """A `RunningTool` of one function, which asks one endpoint."""

    def __init__(self, definition: HttpDefinition, secrets: Mapping[str, Any]) -> None:
        self._definition = definition
        self._secrets = place_secrets(definition.secrets, secrets)
        self._client: httpx2.AsyncClient | None = None

    @property
    def specs(self) -> Sequence[FunctionSpec]:
        """Its one function."""
        return [self._definition.spec]

    @cached_property
    def _schema(self) -> ArgumentsSchema:
        """Made when it is first needed: few calls use every tool."""
        return ArgumentsSchema(
            self._definition.function, self._definition.spec.parameters
        )

    async def setup(self) -> None:
        """Make the client, whose connections all requests of a call share."""
        if self._client is None:
            self._client = open_client(timeout=self._definition.timeout_seconds)

    def validated(self, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments with defaults filled in; raises `ToolError` naming each wrong
        one and what it should be."""
        if function != self._definition.function:
            raise unknown_function(function, [self._definition.function])
        return self._schema.checked(arguments)

    async def call(
        self, function: str, arguments: dict[str, Any], context: "RunContext[Any]"
    ) -> object:
        """Ask the endpoint; raises `ToolError`."""
        await self.setup()
        assert self._client is not None  # noqa: S101  `setup` made it.
        request = self._request(self._client, arguments)
        answer = await send(
            self._client,
            request,
            deadline=self._definition.timeout_seconds,
            retries=self._definition.retries,
            changes=self._definition.is_side_effect is True,
        )
        return self._picked(answer)

    async def test(self, context: "RunContext[Any]") -> object:
        """Ask the endpoint where that changes nothing; raises `ToolError`."""
        spec = self._definition.spec
        if spec.is_side_effect or spec.parameters.get("required"):
            return f"Try {spec.name} with arguments: it cannot be tried without."
        return await self.call(spec.name, self.validated(spec.name, {}), context)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _request(
        self, client: httpx2.AsyncClient, arguments: dict[str, Any]
    ) -> httpx2.Request:
        """URL, query, headers, body; raises `ToolError` for a value that fits none."""
        definition, secrets = self._definition, self._secrets
        values = {**arguments, **secrets.placeholders}
        query = {**_query(definition.query, values), **secrets.query}
        headers = {**_headers(definition.headers, values), **secrets.headers}
        body = _body(definition.body, values)
        return client.build_request(
            definition.method,
            fill_url(definition.url, values).copy_merge_params(query),
            headers={name.encode(): text.encode() for name, text in headers.items()},
            **({"json": body} if body is not None else {}),
        )

    def _picked(self, answer: Answer) -> object:
        """What the model is given of an answer; raises `ToolError`."""
        if self._definition.response == "text":
            return answer.text or EMPTY
        data = answer.json()
        if data is None:
            return EMPTY
        if self._definition.picked is None:
            return data
        try:
            found = self._definition.picked.search(data)
        except JMESPathError:
            detail = (
                f"{answer.asked} answered what {self._definition.pick!r} cannot pick "
                "from: compare it with an answer in *Test*."
            )
            raise ToolError(BROKEN, detail=detail) from None
        return NOTHING_PICKED if found is None else found


def _query(template: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Query parameters; a list is repeated, as most servers read one."""
    filled: dict[str, Any] = fill(dict(template), values)
    return {
        name: [as_text(part) for part in value]
        if isinstance(value, list)
        else as_text(value)
        for name, value in filled.items()
    }


def _headers(template: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """Headers, without those whose value was not given; raises `ToolError`."""
    filled = {}
    for name, text in template.items():
        try:
            value = fill_text(text, values)
        except LeftOut:
            continue
        if not value.isprintable():
            raise ToolError(f"Wrong arguments: what goes into {name} must be one line.")
        filled[name] = value
    return filled


def _body(template: Any, values: Mapping[str, Any]) -> Any:
    try:
        return fill(template, values)
    except LeftOut:
        return None
