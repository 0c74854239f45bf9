"""A reply the platform asks for in its own words ("Greet the caller.")."""

import re

_QUOTED = re.compile(r"[\"“]([^\"”]{2,})[\"”]|(?<!\w)'([^']{2,})'(?!\w)")
_SAY = re.compile(
    r"\b(?:say|tell (?:them|the caller))(?: exactly)?:\s*(.+)",
    re.IGNORECASE | re.DOTALL,
)
_TOPICS = (
    (r"good-?bye|farewell|end the call|hang up", "Goodbye, and thank you for calling."),
    (r"still there|silen|quiet|away", "Are you still there?"),
    (r"cut off|interrupted|reconnect", "Sorry, we were cut off for a moment."),
    (r"apolog|sorry", "I am sorry about that."),
    (r"greet|welcome|introduce", "Hello! How can I help you?"),
)


def quoted_words(instruction: str) -> str | None:
    """The sentence an instruction quotes, or None."""
    if found := _QUOTED.search(instruction):
        return found[1] or found[2]
    if found := _SAY.search(instruction):
        return found[1].strip()
    return None


def reply_to(instruction: str) -> str:
    """The quoted sentence, else a fitting stock reply."""
    if words := quoted_words(instruction):
        return words
    for pattern, reply in _TOPICS:
        if re.search(pattern, instruction, re.IGNORECASE):
            return reply
    return "I am here. How can I help you?"
