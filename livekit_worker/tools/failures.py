"""Failures that are ours and not the tool's, and what each comes to in its row."""

import traceback
from pathlib import Path

from tools_app.errors import ToolError, place_of
from tools_app.models import Outcome

STEPS = 4
BROKEN_WORDS = "This does not work at the moment."


class Invalid(ToolError):
    """The arguments are not what the function takes."""


class Refused(ToolError):
    """The function was not run."""


class TimedOut(ToolError):
    """The function took too long."""


def outcome_of(error: Exception) -> Outcome:
    """What a failure comes to; what is no `ToolError` nobody foresaw."""
    match error:
        case Invalid():
            return Outcome.INVALID
        case Refused():
            return Outcome.REFUSED
        case TimedOut():
            return Outcome.TIMED_OUT
        case ToolError():
            return Outcome.FAILED
        case _:
            return Outcome.BROKEN


def words_of(error: Exception) -> str:
    """What the model is told, and may tell the caller."""
    return error.words if isinstance(error, ToolError) else BROKEN_WORDS


def detail_of(error: Exception) -> str:
    """What staff are told: of what nobody foresaw the kind and the place alone, for its
    text may quote an address with a key in it."""
    if isinstance(error, ToolError):
        return f"{error.words} {error.detail}".strip()
    return f"{type(error).__name__} {place_of(error)}".strip()


def path_of(error: Exception) -> str:
    """The last steps to where it was raised, for the log: places, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-STEPS:]
    return " > ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
