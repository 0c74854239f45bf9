"""`FunctionSpec`: one function of a tool as every kind of tool describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FunctionSpec:
    """What the model is told of a function, and how it must be called.

    `parameters` is a JSON Schema of type object. A `side_effect` runs once for the same
    arguments in a call; one that is `presumed` may be none, so it is no sign that what
    another did was undone. A `cacheable` one may be answered from what it gave before.
    `secret_parameters` are never written down in the clear.
    """

    name: str
    description: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    is_side_effect: bool = False
    is_presumed: bool = False
    is_cacheable: bool = False
    secret_parameters: frozenset[str] = frozenset()
