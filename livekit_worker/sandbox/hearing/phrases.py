"""Things a caller can say to the sandbox model and be understood by ear.

Importable anywhere: it needs no speech engine and no model library.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from livekit_worker.sandbox.function import Function, Parameter
from livekit_worker.sandbox.language.values import subject
from livekit_worker.sandbox.language.words import stem, vocabulary, words

GENERAL = (
    "hello",
    "how are you",
    "what is your name",
    "what can you do",
    "what are your opening hours",
    "what did i say",
    "thank you",
    "yes please",
    "no thank you",
    "goodbye",
)
VERBS = frozenset(
    vocabulary(
        "add arrange ask book calculate call cancel change check close confirm "
        "count create delete end fetch find get give hang list look make open "
        "order pay place query read remove reschedule reserve schedule search "
        "send show start stop tell transfer update write"
    )
)
_MAY_FETCH = frozenset(vocabulary("get give fetch show tell read check"))


@dataclass(frozen=True)
class Slot:
    """A place for a value: `day`, `clock`, `number` or one of `choices`."""

    kind: str
    choices: tuple[str, ...] = ()

    @property
    def example(self) -> str:
        """How it may be said, with its preposition."""
        if self.kind == "choice":
            return f"for {self.choices[0].lower()}"
        return {"day": "for monday", "clock": "at ten", "number": "for two"}[self.kind]


@dataclass(frozen=True)
class Form:
    """A way to ask for a function: a verb, what it is about, places for values."""

    verb: str
    noun: str
    slots: tuple[Slot, ...] = ()

    @property
    def article(self) -> str:
        """`a` or `an`; none before a plural or what is not counted."""
        if not self.noun or _is_plural(self.noun) or stem(self.noun) in _UNCOUNTED:
            return ""
        return "an" if self.noun[0] in "aeiou" else "a"

    @property
    def is_question(self) -> bool:
        """Whether "what is the ..." asks for the same."""
        return self.verb in _MAY_FETCH and bool(self.noun)

    @property
    def example(self) -> str:
        """The form as one sentence."""
        opening = [self.verb, self.article, self.noun]
        if self.verb == "get" and self.noun:
            opening = [
                "what are the" if _is_plural(self.noun) else "what is the",
                self.noun,
            ]
        parts = opening + [slot.example for slot in self.slots]
        return " ".join(part for part in parts if part)


def phrases(functions: Sequence[Function]) -> list[str]:
    """Sentences to show as "things you can say", the agent's own functions first."""
    return [form.example for form in forms(functions)] + list(GENERAL)


def forms(functions: Sequence[Function]) -> list[Form]:
    """How each function may be asked for."""
    return [_form(function, functions) for function in functions]


def _form(function: Function, functions: Sequence[Function]) -> Form:
    label = words(_own_label(function, functions))
    verb, noun = (label[0], label[1:]) if label[0] in VERBS else ("", label)
    required = [p for p in function.parameter_list() if p.required]
    return Form(verb, " ".join(noun), _slots(required))


def _own_label(function: Function, functions: Sequence[Function]) -> str:
    """The label without a tool's prefix that other functions carry too."""
    own = function.label.split()
    others = [f.label.split() for f in functions if f is not function]
    for length in range(len(own) - 2, 0, -1):
        is_shared = any(other[:length] == own[:length] for other in others)
        if is_shared and own[length] in VERBS:
            return " ".join(own[length:])
    return function.label


def _slots(parameters: Sequence[Parameter]) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    for parameter in parameters:
        slots += [slot for slot in _slots_of(parameter) if slot not in slots]
    return tuple(slots)


def _slots_of(parameter: Parameter) -> list[Slot]:
    """A name that says "id" is a number nobody speaks in that place."""
    kind = subject(parameter)
    if kind == "datetime":
        return [Slot("day"), Slot("clock")]
    if kind == "choice":
        return [Slot("choice", parameter.choices)]
    if kind == "integer" and "id" not in words(parameter.label):
        return [Slot("number")]
    return (
        [Slot({"date": "day", "time": "clock"}[kind])]
        if kind in ("date", "time")
        else []
    )


def _is_plural(noun: str) -> bool:
    return noun.endswith("s")


_UNCOUNTED = frozenset(
    map(stem, vocabulary("weather availability email help news time"))
)
