"""A script for the sandbox model: fixed replies, and misbehaviour on demand.

A line of the agent's instructions carries it, so that a test reaches the sandbox
through the whole platform:

    [[sandbox {"replies": [{"say": "One."}, {"close": 1011}], "setup_delay": 2}]]

Each answer the client asks for takes the next reply; when none is left, the sandbox
talks by its rules. A resumed session goes on with the reply after the last one.
"""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_LINE = re.compile(r"\[\[sandbox (\{.*\})\]\]", re.DOTALL)


class ScriptedCall(BaseModel):
    """A function to call, known to the agent or not."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    args: dict[str, Any] = {}


class Reply(BaseModel):
    """One answer. With nothing set it is silence: the client waits in vain."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    delay: float = Field(default=0, ge=0, le=600)
    """Seconds to wait before anything else."""
    say: str | None = None
    """Words to speak."""
    stall: bool = False
    """Never end the answer after the words: the socket stays open, nothing comes."""
    call: tuple[ScriptedCall, ...] = ()
    """Functions to call, all in one message when there are several."""
    go_away: bool = False
    """Announce the end of the connection, after the words."""
    close: int | None = None
    """Drop the socket with this code, after the words; 1006 drops it without one."""


class Scenario(BaseModel):
    """What to do differently from a well-behaved model."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    setup_delay: float = Field(default=0, ge=0, le=600)
    """Seconds before the setup is confirmed, at every connection."""
    close_at_setup: int | None = None
    """Drop the socket with this code in place of confirming the setup."""
    refuse: bool = False
    """Treat the key as a wrong one."""
    replies: tuple[Reply, ...] = ()


def read_scenario(instructions: str) -> tuple[Scenario, str]:
    """The scenario in `instructions`, and the instructions without its line.

    Raises pydantic.ValidationError, which names the field, on a bad scenario.
    """
    found = _LINE.search(instructions)
    if not found:
        return Scenario(), instructions
    scenario = Scenario.model_validate_json(found[1])
    return scenario, instructions.replace(found[0], "").strip()
