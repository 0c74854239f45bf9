"""One request of the model, on its way through the layers that guard a function."""

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac
from livekit.agents import RunContext
from pydantic import BaseModel, SecretBytes, SecretStr

from tools_app.call_context import CallContext
from tools_app.functions.specs import FunctionSpec
from tools_app.redaction import redact_text, secret_arguments
from tools_app.running.tool import LoadedTool

Asked = tuple[int, str]


@dataclass
class Request:
    """A function of a tool, asked for with these arguments.

    The arguments are the model's own, and the fingerprint is empty, until they are
    validated. `was_repeated` says that the answer came from an earlier run.
    """

    tool: LoadedTool
    spec: FunctionSpec
    arguments: dict[str, Any]
    context: RunContext[CallContext]
    fingerprint: str = ""
    was_repeated: bool = False

    def __post_init__(self) -> None:
        self._secrets = secret_arguments(self.arguments, self.spec)

    def redact(self, text: str) -> str:
        """A text as it may be written down: without the secrets of the tool, nor those
        that were given as arguments."""
        return redact_text(text, [self.tool.secrets, self._secrets])

    @property
    def asked(self) -> Asked:
        """Which function of which of the agent's tools."""
        return self.tool.agent_tool_id, self.spec.name


Run = Callable[[Request], Awaitable[str]]
"""A layer, or what it guards: gives what the model is told, or raises `ToolError`."""


def fingerprint(arguments: dict[str, Any]) -> str:
    """A digest that two requests share when they ask for the same, in any order.

    Keyed, because a plain digest of a card number could be looked up.
    """
    plain = json.dumps(arguments, sort_keys=True, default=_plain)
    digest: hmac.HMAC = salted_hmac(__name__, plain, algorithm="sha256")
    return digest.hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, SecretStr | SecretBytes):
        return str(value.get_secret_value())
    return str(value)
