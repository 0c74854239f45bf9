"""What people say to try a line out, and what to say back."""

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from livekit_worker.sandbox.function import Function
from livekit_worker.sandbox.language.knowledge import introduction


class Memory(Protocol):
    """What small talk needs to know of a conversation."""

    instructions: str
    functions: Sequence[Function]

    def last_words(self, role: str) -> str | None: ...


FAREWELL = re.compile(r"\b(?:good ?bye|bye|see you|hang up)\b", re.IGNORECASE)
Answer = Callable[[Memory, re.Match[str]], str]

STAND_IN = "I am the sandbox model, a simple stand-in for the real one."


def offers(functions: Sequence[Function]) -> str:
    """What the agent can do, in a sentence."""
    if not functions:
        return "I can answer from my instructions, and repeat after you."
    labels = [function.label for function in functions]
    return (
        f"I can {', '.join(labels)}, answer from my instructions, and repeat after you."
    )


def echo(memory: Memory, text: str) -> str:
    """The answer when no rule fits: what was understood, and what would be."""
    return (
        f"I heard: {text.strip().rstrip('.!?')}. {STAND_IN} {offers(memory.functions)}"
    )


def _who(memory: Memory, _: re.Match[str]) -> str:
    return f"{introduction(memory.instructions) or ''} {STAND_IN}".strip()


def _recall(memory: Memory, _: re.Match[str]) -> str:
    said = memory.last_words("user")
    return f"You said: {said}" if said else "You have not said anything before."


def _recall_own(memory: Memory, _: re.Match[str]) -> str:
    said = memory.last_words("model")
    return said or "I have not said anything before."


def _repeat(_: Memory, found: re.Match[str]) -> str:
    return found[1]


def _offer(memory: Memory, _: re.Match[str]) -> str:
    return f"{STAND_IN} {offers(memory.functions)}"


def _fixed(answer: str) -> Answer:
    return lambda memory, found: answer


_TALK: Sequence[tuple[str, Answer]] = (
    (
        r"^(?:please )?(?:repeat after me|repeat|say)[:,]? (?!that|it|again)(.+)",
        _repeat,
    ),
    (r"what did i (?:just )?(?:say|tell)", _recall),
    (r"what did you (?:just )?say|(?:repeat|say) (?:that|it|again)", _recall_own),
    (r"what(?:'s| is) your name|who are you|who am i (?:speaking|talking)", _who),
    (r"how are you", _fixed("I am fine, thank you. How can I help you?")),
    (r"what can (?:you|i) (?:do|say)|^help\W*$", _offer),
    (FAREWELL.pattern, _fixed("Goodbye, and thank you for calling.")),
    (r"^(?:thanks?|thank you)\b", _fixed("You are welcome. Anything else?")),
    (
        r"^(?:hello|hi|hey|good (?:morning|afternoon|evening))\b[\w ,]{0,15}[.!?]*$",
        _fixed("Hello! How can I help you?"),
    ),
    (
        r"^(?:yes|yeah|yep|ok|okay|sure)\b(?: please)?[.!]*$",
        _fixed("Good. What can I do for you?"),
    ),
    (
        r"^(?:no|nope)\b(?: thank you| thanks)?[.!]*$",
        _fixed("All right. Is there anything else?"),
    ),
)


def small_talk(memory: Memory, text: str) -> str | None:
    """The answer by the first rule that fits, or None."""
    said = text.strip().replace("’", "'")
    for pattern, answer in _TALK:
        found = re.search(pattern, said, re.IGNORECASE)
        if found:
            return answer(memory, found)
    return None
