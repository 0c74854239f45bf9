"""Tool calls on the page of the call in which they were made."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Left, Length

from telephony_app.call_page.activities import Activity
from telephony_app.call_page.admin import CallAdmin
from telephony_app.models import Call
from tools_app.models import Outcome, ToolCall

# More of a result is read on the tool call's own page.
EXCERPT = 400


@CallAdmin.register_activities
def tool_calls(call: Call) -> Iterator[Activity]:
    """The call's tool calls in one query, their results cut short."""
    rows = ToolCall.objects.filter(call=call).defer("result")
    for row in rows.annotate(
        excerpt=Left("result", EXCERPT), result_length=Length("result")
    ):
        yield Activity(
            begin=row.started_at,
            end=_end(row),
            title=_title(row),
            template="admin/tools_app/toolcall/in_transcript.html",
            row=row,
            failure=row.function if Outcome(row.outcome).is_failure else "",
        )


def _end(row: Any) -> datetime | None:
    if row.duration_ms is None:
        return None
    ended: datetime = row.started_at + timedelta(milliseconds=row.duration_ms)
    return ended


def _title(row: Any) -> str:
    took = "" if row.duration_ms is None else f" in {row.duration_ms} ms"
    return f"{row.function}: {row.get_outcome_display()}{took}"
