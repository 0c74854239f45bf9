"""Wrong arguments in words that let a model do better the next time."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tools_app.errors import ToolError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST = 5


def unknown_function(function: str, known: Iterable[str]) -> ToolError:
    """For a function that the tool does not have."""
    return ToolError(f"There is no function {function}. There is {', '.join(known)}.")


def wrong_arguments(function: str, error: ValidationError) -> ToolError:
    """For arguments that do not fit."""
    return ToolError(f"Wrong arguments for {function}: {faults_in(error)}.")


def faults_in(error: ValidationError) -> str:
    """Each wrong field and what it should be, without values, which may be secret."""
    faults = error.errors(include_url=False, include_input=False)
    said = "; ".join(_said(fault) for fault in faults[:MOST])
    return f"{said}; and {len(faults) - MOST} more" if len(faults) > MOST else said


def _said(fault: "ErrorDetails") -> str:
    """`guests.0.name is missing`."""
    field = ".".join(map(str, fault["loc"])) or "arguments"
    if fault["type"] == "missing":
        return f"{field} is missing"
    words = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{field} {words}" if words.startswith("should") else f"{field}: {words}"
