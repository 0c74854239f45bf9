"""A function call in the making: what is known of it and what is still to ask."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from livekit_worker.sandbox.function import Function, Parameter
from livekit_worker.sandbox.language.values import find_value, subject
from livekit_worker.sandbox.language.words import SMALL_WORDS, stem, vocabulary, words
from livekit_worker.sandbox.results import describe

_LOOKING = frozenset(
    map(
        stem,
        vocabulary("get list search check find show look read count tell fetch query"),
    )
)
_LINKS = SMALL_WORDS | {"called", "named", "like", "saying", "today"}


@dataclass
class Request:
    """One call being prepared; `is_heard`: by ear, so perhaps heard wrong."""

    function: Function
    is_heard: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    asking: Parameter | None = None
    is_confirming: bool = False
    _answer: str = ""

    def take(self, text: str, *, today: date) -> None:
        """Take every value that is plain in the sentence that asks for the call."""
        for parameter in self.function.parameter_list():
            value = find_value(parameter, text, today=today)
            # A lone number may mean anything: only what must be there takes one.
            numeric = parameter.kind in ("integer", "number") and not parameter.required
            if value is not None and not numeric:
                self.values[parameter.name] = value
        self._take_rest(text)

    def answer(self, text: str, *, today: date) -> bool:
        """Take `text` as the answer for the parameter asked; False if it is none."""
        if self.asking is None:
            return False
        # Half an answer counts: a day now, its time at the next try.
        self._answer = f"{self._answer} {text}".strip()
        value = find_value(self.asking, self._answer, today=today, asked=True)
        if value is None:
            return False
        self.values[self.asking.name] = value
        self._take_others(text, today=today)
        self.asking = None
        return True

    def missing(self) -> Parameter | None:
        """The next required parameter without a value."""
        return next((p for p in self._required() if p.name not in self.values), None)

    def ask(self, parameter: Parameter) -> str:
        """The question for `parameter`, which the next text answers."""
        if parameter != self.asking:
            self.asking, self._answer = parameter, ""
        if parameter.choices:
            return f"Which {parameter.label}: {_either(parameter.choices)}?"
        if subject(parameter) == "boolean":
            return f"{parameter.label.capitalize()}: yes or no?"
        hint = " Please type it." if self.is_heard and self._needs_typing() else ""
        return f"What is the {parameter.label}?{hint}"

    def needs_confirmation(self) -> bool:
        """Ask before a side effect that may have been misheard, never otherwise."""
        looks = any(stem(word) in _LOOKING for word in words(self.function.label))
        return self.is_heard and not looks

    def confirmation(self) -> str:
        """The question whether to do it."""
        self.is_confirming = True
        return f"Shall I {self.function.label}{self._with_values()}? Say yes or no."

    def _with_values(self) -> str:
        pairs = {name.replace("_", " "): value for name, value in self.values.items()}
        return f" with {describe(pairs)}" if pairs else ""

    def _needs_typing(self) -> bool:
        kind = subject(self.asking) if self.asking else ""
        return kind in ("text", "email", "phone", "object", "array")

    def _required(self) -> list[Parameter]:
        return [p for p in self.function.parameter_list() if p.required]

    def _take_others(self, text: str, *, today: date) -> None:
        """An answer may hold more than was asked ("Monday at ten")."""
        for parameter in self._required():
            if parameter.name not in self.values and subject(parameter) in _PLAIN:
                value = find_value(parameter, text, today=today)
                if value is not None:
                    self.values[parameter.name] = value

    def _take_rest(self, text: str) -> None:
        """ "search for red shoes": the rest is the only free text that is needed."""
        required = self._required()
        is_only_text = len(required) == 1 and subject(required[0]) == "text"
        if is_only_text and (rest := _after_name(self.function, text)):
            self.values.setdefault(required[0].name, rest)


_PLAIN = ("date", "time", "datetime", "choice", "email", "phone")


def _either(choices: tuple[str, ...]) -> str:
    return (
        " or ".join((", ".join(choices[:-1]), choices[-1]))
        if choices[1:]
        else choices[0]
    )


def _after_name(function: Function, text: str) -> str:
    """What follows the last word of the function's name, small words skipped."""
    name = {stem(word) for word in words(function.label)}
    said = text.strip(" .?!").split()
    places = [
        at for at, word in enumerate(said) if stem(word.lower().strip(",:")) in name
    ]
    rest = said[places[-1] + 1 :] if places else []
    while rest and rest[0].lower().strip(",:") in _LINKS:
        rest = rest[1:]
    return " ".join(rest)
