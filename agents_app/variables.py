"""Variables of an agent: names with defaults, which an outgoing call fills anew."""

import re
from collections.abc import Mapping

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
TAKEN = ("agent_name",)
MOST = 50
LONGEST = 300
HOW = "Write each on a line of its own, as: first_name = there"


def read(text: str) -> dict[str, str]:
    """Variables from lines like `name = default`; raises ValueError for a name that
    comes twice."""
    found: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name, _, default = (part.strip() for part in line.partition("="))
        if name in found:
            raise ValueError(f"'{name}' is there twice. {HOW}")
        found[name] = default
    return found


def written(variables: Mapping[str, str]) -> str:
    """The lines that `read` reads, by name: a JSON column keeps no order."""
    return "\n".join(
        f"{name} = {default}".strip() for name, default in sorted(variables.items())
    )


def well_named(variables: dict[str, str]) -> dict[str, str]:
    """The variables; raises ValueError for too many, or a name that is none."""
    if len(variables) > MOST:
        raise ValueError(f"There are {len(variables)} variables: keep up to {MOST}.")
    for name in variables:
        if name in TAKEN or not NAME.fullmatch(name):
            raise ValueError(
                f"'{name}' cannot be a variable's name. Use small letters, digits and "
                f"_, a letter first, and not agent_name. {HOW}"
            )
    return variables


def filled(text: str, variables: Mapping[str, str]) -> str:
    """The text with the value in place of each variable's `{name}`; other braces stay,
    for prompts are full of them."""
    if not variables:
        return text
    place = re.compile(r"\{(" + "|".join(map(re.escape, variables)) + r")\}")
    return place.sub(lambda found: variables[found[1]], text)
