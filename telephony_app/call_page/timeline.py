"""A call as a picture: who spoke when, and what happened meanwhile.

Places and widths are in percent of the picture, so that it fits any screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from telephony_app.call_page.activities import Activity
from telephony_app.duration import in_words, on_clock
from telephony_app.models import Call, CallEvent, Cause, Turn

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MOST_TICKS = 8
# A pause that a person on the phone notices as one.
SILENCE = timedelta(seconds=3)
# A turn whose end nobody reported is drawn this long.
UNKNOWN_LENGTH = timedelta(seconds=1)
ALARMING = {CallEvent.Kind.AGENT_LOST, CallEvent.Kind.PROBLEM}


@dataclass(frozen=True)
class Bar:
    """A stretch of time: speech of a lane's side, silence, or a tool at work."""

    left: float
    width: float
    lane: str
    title: str
    is_alarming: bool = False


@dataclass(frozen=True)
class Mark:
    """A moment with a name."""

    left: float
    title: str
    is_alarming: bool = False


@dataclass(frozen=True)
class Timeline:
    """Everything the picture draws."""

    bars: list[Bar]
    silences: list[Bar]
    activities: list[Bar]
    events: list[Mark]
    ticks: list[Mark]
    summary: str


def timeline(
    call: Call,
    turns: Sequence[Turn],
    events: Sequence[CallEvent],
    activities: Sequence[Activity] = (),
) -> Timeline:
    """The picture of a call up to its end, or up to now."""
    scale = _Scale(call.created_at, _end(call, turns, activities))
    return Timeline(
        bars=[_bar(turn, scale) for turn in turns],
        silences=[_silence(a, b, scale) for a, b in _pauses(turns)],
        activities=[_activity(activity, scale) for activity in activities],
        events=[_mark(event, scale) for event in events],
        ticks=scale.ticks(),
        summary=_summary(turns, activities),
    )


@dataclass(frozen=True)
class _Scale:
    begin: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return max(1.0, (self.end - self.begin).total_seconds())

    def offset(self, at: datetime) -> float:
        return (at - self.begin).total_seconds()

    def left(self, at: datetime) -> float:
        return round(min(100.0, max(0.0, 100 * self.offset(at) / self.seconds)), 3)

    def width(self, begin: datetime, end: datetime) -> float:
        return round(max(0.0, self.left(end) - self.left(begin)), 3)

    def ticks(self) -> list[Mark]:
        fitting = (step for step in STEPS if self.seconds / step <= MOST_TICKS)
        step = next(fitting, STEPS[-1])
        moments = range(0, int(self.seconds) + 1, step)
        return [Mark(round(100 * s / self.seconds, 3), on_clock(s)) for s in moments]


def _end(call: Call, turns: Sequence[Turn], activities: Sequence[Activity]) -> datetime:
    spoken = [turn.spoken_to or turn.spoken_from for turn in turns]
    done = [activity.end or activity.begin for activity in activities]
    return max([call.ended_at or timezone.now(), call.created_at, *spoken, *done])


def _spoken_to(turn: Turn) -> datetime:
    return turn.spoken_to or turn.spoken_from + UNKNOWN_LENGTH


def _bar(turn: Turn, scale: _Scale) -> Bar:
    when = on_clock(scale.offset(turn.spoken_from))
    title = f"{when} {turn.get_speaker_display()}: {turn.text}"
    if turn.latency_ms is not None:
        title += f" (after {turn.latency_ms} ms)"
    end = _spoken_to(turn)
    return Bar(
        left=scale.left(turn.spoken_from),
        width=max(0.3, scale.width(turn.spoken_from, end)),
        lane=turn.speaker,
        title=title,
    )


def _activity(activity: Activity, scale: _Scale) -> Bar:
    when = on_clock(scale.offset(activity.begin))
    return Bar(
        left=scale.left(activity.begin),
        width=max(0.3, scale.width(activity.begin, activity.until)),
        lane="tool",
        title=f"{when} {activity.title}",
        is_alarming=bool(activity.failure),
    )


def _pauses(turns: Sequence[Turn]) -> list[tuple[datetime, datetime]]:
    """Where neither side spoke for long, whoever began and ended it."""
    pauses = []
    heard_until = None
    for turn in turns:
        if heard_until and turn.spoken_from - heard_until >= SILENCE:
            pauses.append((heard_until, turn.spoken_from))
        end = _spoken_to(turn)
        heard_until = max(heard_until, end) if heard_until else end
    return pauses


def _silence(begin: datetime, end: datetime, scale: _Scale) -> Bar:
    words = f"Silence of {in_words((end - begin).total_seconds())}"
    return Bar(scale.left(begin), scale.width(begin, end), "silence", words)


def _mark(event: CallEvent, scale: _Scale) -> Mark:
    title = f"{on_clock(scale.offset(event.at))} {event.get_kind_display()}"
    if event.cause:
        title += f": {event.get_cause_display()}"
    is_alarming = event.kind in ALARMING or (event.cause and _is_failure(event))
    return Mark(scale.left(event.at), title, bool(is_alarming))


def _is_failure(event: CallEvent) -> bool:
    return Cause(event.cause).is_failure


def _summary(turns: Sequence[Turn], activities: Sequence[Activity]) -> str:
    by = {Turn.Speaker.CALLER: 0, Turn.Speaker.AGENT: 0}
    for turn in turns:
        by[Turn.Speaker(turn.speaker)] += 1
    tools = f" Tools were at work {len(activities)} times." if activities else ""
    return (
        f"Who spoke when: the caller {by[Turn.Speaker.CALLER]} times, "
        f"the agent {by[Turn.Speaker.AGENT]} times.{tools}"
    )
