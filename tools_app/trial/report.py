"""What staff read when they have tried a tool."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class TrialReport(BaseModel):
    """How a trial went, without secrets.

    `request` is what was sent, `answer` the begin of what came back, `error` what the
    model would be told instead, `hint` what staff can do about it, `ms` milliseconds.
    """

    model_config = ConfigDict(frozen=True)

    ok: bool
    ms: int
    request: dict[str, Any] = {}
    answer: str = ""
    error: str = ""
    hint: str = ""
