"""What the page of one call shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telephony_app.call_page.activities import Activity, failures
from telephony_app.call_page.facts import facts
from telephony_app.call_page.timeline import timeline
from telephony_app.call_page.verdict import verdict
from telephony_app.duration import on_clock
from telephony_app.models import Call, CallEvent, State, Turn

# Above these, a caller begins to wonder, and asks whether somebody is there.
QUICK_MS = 1000
SLOW_MS = 2000


@dataclass(frozen=True)
class Line:
    """A turn as the transcript shows it; `moment` counts from the call's begin."""

    moment: str
    turn: Turn
    template = "admin/telephony_app/call/turn.html"

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.turn.spoken_from

    @property
    def pace(self) -> str:
        """How the answer's delay feels to a caller; empty when it was not measured."""
        latency = self.turn.latency_ms
        if latency is None:
            return ""
        return "quick" if latency <= QUICK_MS else "slow" if latency > SLOW_MS else "so"


@dataclass(frozen=True)
class Deed:
    """An activity as the transcript shows it, between the turns."""

    moment: str
    activity: Activity

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.activity.begin

    @property
    def template(self) -> str:
        """What draws it."""
        return self.activity.template


@dataclass(frozen=True)
class Happening:
    """An event as the list shows it."""

    moment: str
    event: CallEvent


def call_page(call: Call, activities: Sequence[Activity] = ()) -> dict[str, Any]:
    """The part of the page that a live call refreshes; two queries."""
    turns, events = list(call.turns.all()), list(call.events.all())
    return {
        "call": call,
        "is_open": call.state != State.ENDED,
        "verdict": verdict(call, failures(activities)),
        "facts": facts(call, turns, activities),
        "timeline": timeline(call, turns, events, activities),
        "lines": _lines(call, turns, activities),
        "happenings": [Happening(_moment(call, e.at), e) for e in events],
    }


def _lines(
    call: Call, turns: Sequence[Turn], activities: Sequence[Activity]
) -> list[Line | Deed]:
    """What was said and done, in the order in which it began."""
    spoken = [Line(_moment(call, t.spoken_from), t) for t in turns]
    done = [Deed(_moment(call, a.begin), a) for a in activities]
    return sorted([*spoken, *done], key=lambda line: line.at)


def _moment(call: Call, at: Any) -> str:
    return on_clock((at - call.created_at).total_seconds())
