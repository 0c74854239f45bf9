"""The cards of a call's page: each a name, a value, a remark."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from django.urls import reverse

from telephony_app.call_page.activities import Activity, median_ms
from telephony_app.duration import in_words
from telephony_app.e164 import spaced
from telephony_app.models import Call, Turn


@dataclass(frozen=True)
class Fact:
    """A summary card: a name, a value, a remark below, perhaps pages behind both."""

    name: str
    value: str
    remark: str = ""
    url: str = ""
    remark_url: str = ""


def facts(
    call: Call, turns: Sequence[Turn], activities: Sequence[Activity]
) -> list[Fact]:
    """Who, how long, how quick, with which agent."""
    is_phone = call.direction != Call.Direction.WEB
    line = list(_line(call)) if is_phone else []
    to = [_put_through(call)] if call.transferred_to else []
    spoken = [_length(call), _greeting(call), _turns(turns), _pace(turns)]
    done = [_tool_calls(activities)] if activities else []
    return [*line, *to, *spoken, *done, _version(call)]


def _line(call: Call) -> Iterator[Fact]:
    """The two ends of a telephone call, and what its provider says of it."""
    name, person = ("Caller", call.caller) if call.comes_in else ("Called", call.callee)
    yield Fact(name, spaced(person) or "Unknown", *_own_end(call))
    billed, status = call.billed_seconds, call.sip_status
    told = [call.call_sid, f"SIP {status}" if status else ""]
    if billed is not None or any(told):
        value = "–" if billed is None else in_words(billed)
        yield Fact("Billed by Twilio", value, " · ".join(filter(None, told)))


def _put_through(call: Call) -> Fact:
    words = "not answered yet" if call.is_being_transferred else ""
    return Fact("Put through to", spaced(call.transferred_to), words)


def _own_end(call: Call) -> tuple[str, str, str]:
    """Our number's part in it, without a page behind the value, and the number's."""
    own = spaced(call.callee if call.comes_in else call.caller)
    words = f"called {own}" if call.comes_in else f"from {own}"
    if call.phone_number_id is None:
        return words, "", ""
    args = [call.phone_number_id]
    return words, "", reverse("admin:telephony_app_phonenumber_change", args=args)


def _length(call: Call) -> Fact:
    value = "–" if call.seconds is None else in_words(call.seconds)
    return Fact("Length", value, call.get_direction_display())


def _greeting(call: Call) -> Fact:
    if call.answered_at is None:
        return Fact("Agent's first word", "–", "The agent never spoke")
    waited = (call.answered_at - call.created_at).total_seconds()
    return Fact("Agent's first word", f"{waited:.1f} s", "after the call was opened")


def _turns(turns: Sequence[Turn]) -> Fact:
    caller = sum(turn.speaker == Turn.Speaker.CALLER for turn in turns)
    remark = f"{caller} of the caller, {len(turns) - caller} of the agent"
    return Fact("Turns", str(len(turns)), remark)


def _pace(turns: Sequence[Turn]) -> Fact:
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
