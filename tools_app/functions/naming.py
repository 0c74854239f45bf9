"""What the model knows the functions of an agent by, where two tools share a name."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence

LONGEST = 64
Function = tuple[str, str]


def function_names(tools: Mapping[str, Sequence[str]]) -> dict[Function, str]:
    """The name for the model of each (tool, function), given the functions by tool.

    A function keeps its own name, unless another tool of the agent has one of the same:
    then both begin with the name of their tool. Names differ, and Gemini takes them.
    """
    own = Counter(name for functions in tools.values() for name in set(functions))
    taken = {name for name, count in own.items() if count == 1}
    names: dict[Function, str] = {}
    for tool, functions in tools.items():
        for function in functions:
            shared = own[function] > 1
            name = _free(f"{tool}_{function}", taken) if shared else function
            names[tool, function] = name
            taken.add(name)
    return names


def _free(name: str, taken: set[str]) -> str:
    """The name as Gemini takes it; one that is too long or taken ends in a digest."""
    fit = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    fit = fit if fit[0].isalpha() else f"_{fit}"
    if len(fit) <= LONGEST and fit not in taken:
        return fit
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{fit[: LONGEST - 9]}_{digest}"
