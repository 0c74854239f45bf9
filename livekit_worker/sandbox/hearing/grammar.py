"""Whole phrases as JSGF grammars (https://www.w3.org/TR/jsgf/).

Whole phrases, because a loop over single words takes the decoder minutes. Two grammars,
because short answers would be heard everywhere if they were allowed everywhere.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from livekit_worker.sandbox.function import Function
from livekit_worker.sandbox.hearing.phrases import GENERAL, Form, Slot, forms
from livekit_worker.sandbox.language.numbers import in_words
from livekit_worker.sandbox.language.times import DAYS
from livekit_worker.sandbox.language.words import words

_MORE_GENERAL = (
    "hi",
    "hello there",
    "good morning",
    "good afternoon",
    "good evening",
    "who are you",
    "what is your address",
    "when are you open",
    "where are you",
    "what did you say",
    "repeat that",
    "cancel that",
    "never mind",
    "thanks",
    "bye",
    "yes",
    "no",
    "help",
    "stop",
    "cancel",
)
_GENERAL = (*GENERAL, *_MORE_GENERAL)
SHORT = frozenset(phrase for phrase in _GENERAL if " " not in phrase)
"""Single words taken for what they are at any time."""

_OPENINGS = "[ please | i want to | i would like to | can you | can i ]"
_WHAT_IS = "what ( is | are ) [ the | my | your ]"
_HOUR = " | ".join(in_words(hour) for hour in range(1, 13))
_NUMBERS = (*range(1, 21), *range(30, 100, 10))
_VALUES = {
    "day": f"[ next ] ( {' | '.join(DAYS)} ) | today | tomorrow",
    "hour": _HOUR,
    "half": "in the morning | in the afternoon | in the evening",
    "clock": "<hour> [ thirty | fifteen | forty five | o'clock ] [ <half> ] "
    "| ( half past | quarter past | quarter to ) <hour> | noon",
    "number": " | ".join(map(in_words, _NUMBERS)),
}
_BEFORE = {"day": "( on | for )", "clock": "at", "number": "for"}
_MARKS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}
IsKnown = Callable[[str], bool]


@dataclass(frozen=True)
class Grammar:
    """Ways of saying something, each in JSGF's notation."""

    ways: tuple[str, ...]

    def jsgf(self) -> str:
        """The text a decoder takes."""
        rules = [f"<{name}> = {body};" for name, body in _VALUES.items()]
        public = f"public <said> = {' | '.join(self.ways)};"
        return "\n".join(["#JSGF V1.0;", "grammar said;", public, *rules])

    def pattern(self) -> str:
        """The same as a regular expression over words that end in a space each."""
        return "|".join(_pattern(way) for way in self.ways)


def _pattern(way: str) -> str:
    return "".join(
        _MARKS.get(token) or _rule(token) or f"{re.escape(token)} "
        for token in way.split()
    )


def _rule(token: str) -> str:
    name = token.strip("<>")
    return f"(?:{_pattern(_VALUES[name])})" if token.startswith("<") else ""


def request_grammar(functions: Sequence[Function], *, is_known: IsKnown) -> Grammar:
    """What may be said to begin with: small talk, and requests for functions.

    A phrase with a word that is not `is_known` to the decoder is left out.
    """
    asked = [form for form in forms(functions) if _all_known(_words(form), is_known)]
    commands = [_command(form, is_known) for form in asked]
    questions = [_question(form, is_known) for form in asked if form.is_question]
    ways = [_among(_OPENINGS, commands), _among(_WHAT_IS, questions)]
    return Grammar((*_GENERAL, *filter(None, ways)))


def answer_grammar(functions: Sequence[Function], *, is_known: IsKnown) -> Grammar:
    """What may be said while the model asks for something: values, and small talk."""
    slots = dict.fromkeys(slot for form in forms(functions) for slot in form.slots)
    choices = [_choices(slot, is_known) for slot in slots if slot.kind == "choice"]
    values = ["[ on ] <day> [ at <clock> ]", "[ at ] <clock>", "<number>"]
    return Grammar((*_GENERAL, *values, *filter(None, choices)))


def _among(opening: str, rests: Sequence[str]) -> str:
    """One opening for all of them: an opening each costs the decoder twice the time."""
    return f"{opening} ( {' | '.join(rests)} )" if rests else ""


def _command(form: Form, is_known: IsKnown) -> str:
    noun = f"[ {form.article or 'the'} | the | my ] {form.noun}" if form.noun else ""
    return f"{form.verb} {noun} {_values(form, is_known)}"


def _question(form: Form, is_known: IsKnown) -> str:
    return f"{form.noun} {_values(form, is_known)}"


def _values(form: Form, is_known: IsKnown) -> str:
    slots = (_slot(slot, is_known) for slot in form.slots)
    return " ".join(f"[ {slot} ]" for slot in slots if slot)


def _slot(slot: Slot, is_known: IsKnown) -> str:
    if slot.kind != "choice":
        return f"{_BEFORE[slot.kind]} <{slot.kind}>"
    choices = _choices(slot, is_known)
    return f"( for | with | in | to ) [ a | the ] ( {choices} )" if choices else ""


def _choices(slot: Slot, is_known: IsKnown) -> str:
    spoken = (words(choice.replace("_", " ")) for choice in slot.choices)
    return " | ".join(" ".join(c) for c in spoken if c and _all_known(c, is_known))


def _words(form: Form) -> list[str]:
    return f"{form.verb} {form.noun}".split()


def _all_known(found: Iterable[str], is_known: IsKnown) -> bool:
    return all(is_known(word) for word in found)
