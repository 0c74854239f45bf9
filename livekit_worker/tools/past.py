"""What was asked of tools in this call before this job took it over."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from livekit_worker.tools.request import Asked
from telephony_app.models import Call
from tools_app.models import Outcome, ToolCall


@dataclass(frozen=True)
class PastRequest:
    """A request of an earlier job, as its row tells.

    Without a `fingerprint` there is nothing to remember: it was never run, or it may be
    tried again.
    """

    asked: Asked
    fingerprint: str
    outcome: Outcome
    result: str = ""

    @property
    def began(self) -> bool:
        """Whether the function was run, perhaps not to its end."""
        return self.outcome not in (Outcome.INVALID, Outcome.REFUSED)


def past_requests(call: Call) -> tuple[PastRequest, ...]:
    """In the order in which they began, without answers out of memory; one query."""
    rows = ToolCall.objects.filter(call=call, was_repeated=False).order_by(
        "started_at", "pk"
    )
    return tuple(
        PastRequest(
            (row.agent_tool_id, row.function),
            row.fingerprint,
            Outcome(row.outcome),
            row.result,
        )
        for row in rows
        if row.agent_tool_id is not None
    )


def uses(past: Iterable[PastRequest]) -> Counter[int]:
    """How often each tool was asked for."""
    return Counter(request.asked[0] for request in past)
