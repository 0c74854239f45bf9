"""How a call went, in one sentence, and what to do about it."""

from dataclasses import dataclass, replace
from typing import Literal

from telephony_app.call_page.mends import MENDS, mend
from telephony_app.duration import in_words
from telephony_app.e164 import spaced
from telephony_app.models import Call, Cause, State

Tone = Literal["live", "good", "quiet", "bad"]

WAITING = {
    State.CREATED: "The call is being set up",
    State.DISPATCHING: "The agent is on its way",
    State.RINGING: "The caller waits for the agent",
}
WAITING_OUT = WAITING | {
    State.DISPATCHING: "The agent gets ready and dials",
    State.RINGING: "The telephone rings",
}
ENDINGS = {
    Cause.STAFF_ENDED: "Ended by staff",
    Cause.AGENT_HUNG_UP: "Ended by the agent",
    Cause.CALLER_HUNG_UP: "Ended by the caller",
    Cause.TRANSFERRED: "Put through to a person",
    Cause.SILENCE: "Ended because the caller fell silent,",
    Cause.MAX_LENGTH: "Ended at the agent's maximum length,",
    Cause.CALLER_LOST: "The caller's connection was lost",
    Cause.ROOM_CLOSED: "The room was closed",
}


ENDINGS_OUT = ENDINGS | {
    Cause.CALLER_HUNG_UP: "Ended by the person called",
    Cause.SILENCE: "Ended because the person called fell silent,",
    Cause.CALLER_LOST: "The connection of the person called was lost",
}
NEVER_DIALLED = "Nobody was called: no agent came in time"


@dataclass(frozen=True)
class Verdict:
    """The first line of a call's page: its tone, the sentence, and the mend if any.

    `remark` is what went wrong on the way without ending the call.
    """

    tone: Tone
    words: str
    mend: str = ""
    remark: str = ""


def verdict(call: Call, remark: str = "") -> Verdict:
    """What a person wants to know first."""
    return replace(_ending(call), remark=remark)


def _ending(call: Call) -> Verdict:
    if call.state != State.ENDED:
        return Verdict("live", _so_far(call))
    cause = Cause(call.cause) if call.cause else Cause.ROOM_CLOSED
    endings = ENDINGS_OUT if call.goes_out else ENDINGS
    if cause in endings:
        tone: Tone = "good" if call.answered_at else "quiet"
        return Verdict(tone, f"{endings[cause]} {_when(call)}")
    if cause == Cause.ABANDONED and call.goes_out:
        return Verdict("bad", NEVER_DIALLED, MENDS[Cause.NOT_ANSWERED])
    tone = "bad" if cause.is_failure else "quiet"
    opening = "Failed: " if cause.is_failure else ""
    words = cause.label[0].lower() + cause.label[1:] if opening else cause.label
    return Verdict(tone, opening + words, mend(call))


def _so_far(call: Call) -> str:
    if call.is_being_transferred:
        return f"Being put through to {spaced(call.transferred_to)}"
    if call.state == State.IN_PROGRESS:
        return f"In progress for {in_words(call.seconds or 0)}"
    waiting = WAITING_OUT if call.goes_out else WAITING
    return waiting[State(call.state)]


def _when(call: Call) -> str:
    if call.seconds is None:
        return "before the agent spoke"
    return f"after {in_words(call.seconds)}"
