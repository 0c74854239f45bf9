"""Which function somebody means, by the words of its name and description."""

from collections import Counter
from collections.abc import Sequence

from livekit_worker.sandbox.function import Function
from livekit_worker.sandbox.language.words import stems

_NAME_WEIGHT = 2.0
_ENOUGH = 1.0
_NEARLY_EQUAL = 0.95


def choose(functions: Sequence[Function], text: str) -> list[Function]:
    """Functions that fit `text` best: none, the one meant, or several to ask about."""
    said = set(stems(text))
    scores = _scores(functions, said)
    best = max(scores, default=0.0)
    if best < _ENOUGH:
        return []
    pairs = zip(functions, scores, strict=True)
    return [function for function, score in pairs if score >= best * _NEARLY_EQUAL]


def ending(functions: Sequence[Function]) -> Function | None:
    """The function that ends the call, if the agent has one."""
    for function in functions:
        if {"end", "hang"} & name_stems(function) and "call" in _all_stems(function):
            return function
    return None


def name_stems(function: Function) -> set[str]:
    """The meaningful words of a function's name."""
    return set(stems(function.label))


def _all_stems(function: Function) -> set[str]:
    return name_stems(function) | set(stems(function.description))


def _scores(functions: Sequence[Function], said: set[str]) -> list[float]:
    """A word of a name counts by how few names hold it; a description's adds little."""
    names = [name_stems(function) for function in functions]
    shared = Counter(word for name in names for word in name)
    return [
        sum(_NAME_WEIGHT / shared[word] for word in name & said)
        + _description_score(function, said - name, named=bool(name & said))
        for function, name in zip(functions, names, strict=True)
    ]


def _description_score(function: Function, said: set[str], *, named: bool) -> float:
    """Descriptions only break ties, unless they share three words by themselves."""
    shared = len(said & _all_stems(function))
    return 0.1 * shared if named else (shared - 2.0 if shared > 2 else 0.0)
