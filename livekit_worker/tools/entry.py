"""The row of one function call, as it is to be stored."""

import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError

from tools_app.models import Outcome, ToolCall
from tools_app.storable import storable

ERROR_LENGTH = 500
UPDATED = [
    *("arguments", "fingerprint", "outcome", "result", "error", "duration_ms"),
    *("was_repeated", "was_cancelled"),
]


@dataclass(frozen=True)
class Entry:
    """A `ToolCall`; `key` names it within its call."""

    key: str
    agent_tool_id: int | None
    tool_name: str
    function: str
    arguments: dict[str, Any]
    fingerprint: str = ""
    outcome: Outcome = Outcome.RUNNING
    result: str = ""
    error: str = ""
    duration_ms: int | None = None
    was_repeated: bool = False
    was_cancelled: bool = False
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long ago it began."""
        return time.monotonic() - self.began

    def ended(self, outcome: Outcome, *, error: str = "", **values: Any) -> "Entry":
        """The same, over now."""
        spent = round(self.seconds * 1000)
        values |= {"outcome": outcome, "error": error[:ERROR_LENGTH]}
        return replace(self, duration_ms=spent, **values)

    def store(self, call_id: uuid.UUID) -> None:
        """Write the row, or write it again; staff may have taken the tool from its
        agent meanwhile: then the row stays without it."""
        values = storable(vars(self))
        del values["began"]
        try:
            _store(ToolCall(call_id=call_id, **values))
        except IntegrityError:
            _store(ToolCall(call_id=call_id, **values | {"agent_tool_id": None}))


def _store(row: ToolCall) -> None:
    ToolCall.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["call", "key"],
        update_fields=UPDATED,
    )
