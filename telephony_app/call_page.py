"""What the page of one call shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.urls import reverse

from telephony_app.activities import Activity, failures, median_ms
from telephony_app.duration import in_words, on_clock
from telephony_app.models import Call, CallEvent, State, Turn
from telephony_app.timeline import timeline
from telephony_app.verdict import verdict

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


@dataclass(frozen=True)
class Fact:
    """A summary card: a name, a value, a remark below, perhaps pages behind both."""

    name: str
    value: str
    remark: str = ""
    url: str = ""
    remark_url: str = ""


def call_page(call: Call, activities: Sequence[Activity] = ()) -> dict[str, Any]:
    """The part of the page that a live call refreshes; two queries."""
    turns, events = list(call.turns.all()), list(call.events.all())
    return {
        "call": call,
        "is_open": call.state != State.ENDED,
        "verdict": verdict(call, failures(activities)),
        "facts": _facts(call, turns, activities),
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


def _facts(call: Call, turns: list[Turn], activities: Sequence[Activity]) -> list[Fact]:
    spoken = [_length(call), _greeting(call), _turns(turns), _pace(turns)]
    done = [_tool_calls(activities)] if activities else []
    return [*spoken, *done, _version(call)]


def _length(call: Call) -> Fact:
    value = "–" if call.seconds is None else in_words(call.seconds)
    return Fact("Length", value, call.get_direction_display())


def _greeting(call: Call) -> Fact:
    if call.answered_at is None:
        return Fact("Agent's first word", "–", "The agent never spoke")
    waited = (call.answered_at - call.created_at).total_seconds()
    return Fact("Agent's first word", f"{waited:.1f} s", "after the call was opened")


def _turns(turns: list[Turn]) -> Fact:
    caller = sum(turn.speaker == Turn.Speaker.CALLER for turn in turns)
    remark = f"{caller} of the caller, {len(turns) - caller} of the agent"
    return Fact("Turns", str(len(turns)), remark)


def _pace(turns: list[Turn]) -> Fact:
    latencies = [turn.latency_ms for turn in turns if turn.latency_ms is not None]
    if not latencies:
        return Fact("Answer time", "–", "No answer was measured")
    remark = f"median, {max(latencies)} ms at most"
    return Fact("Answer time", f"{round(median(latencies))} ms", remark)


def _tool_calls(activities: Sequence[Activity]) -> Fact:
    middle = median_ms(activities)
    remark = "none has ended yet" if middle is None else f"{middle} ms, median"
    return Fact("Tool calls", str(len(activities)), remark)


def _version(call: Call) -> Fact:
    if call.agent is None:
        return Fact("Agent", "None", "this number has no agent")
    page = reverse("admin:agents_app_agent_change", args=[call.agent_id])
    if call.version is None:
        return Fact("Agent", call.agent.name, "no published version", page)
    history = reverse("admin:agents_app_agent_history", args=[call.agent_id])
    number = call.version.number
    return Fact("Agent", call.agent.name, f"Version {number}", page, history)
