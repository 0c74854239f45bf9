"""What differs between two pictures of an agent, field by field, for people."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.db.models import Field

from agents_app.config import AgentConfig
from agents_app.forms import LABELS
from agents_app.models import Agent
from agents_app.variables import written

Kind = Literal["added", "removed", "same", "gap"]
KINDS: dict[str, Kind] = {"+": "added", "-": "removed", " ": "same", "@": "gap"}
CONTEXT_LINES = 2
FROM_THE_TOP = re.compile(r"@@ -[01][, ]")


@dataclass(frozen=True)
class Line:
    """A line of one side, or of both; a gap stands for the lines left out."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Difference:
    """A field that differs, with its words before and after as lines."""

    label: str
    lines: list[Line]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """The fields that differ, in the order of the config; values by field name."""
    return [
        Difference(_label(name), list(_lines(_shown(name, old), _shown(name, new))))
        for name in AgentConfig.model_fields
        if old.get(name) != new.get(name)
    ]


def _label(name: str) -> str:
    """The field's name as the form has it."""
    return LABELS.get(name) or str(_field(name).verbose_name).capitalize()


def _field(name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", Agent._meta.get_field(name))


def _shown(name: str, values: Mapping[str, Any]) -> str:
    """A value as the form shows it: the label of a choice, else the value itself."""
    value = values.get(name, "")
    if isinstance(value, Mapping):
        return written(value)
    choices = dict(_field(name).flatchoices)
    return str(choices.get(value, value))


def _lines(old: str, new: str) -> Iterator[Line]:
    found = difflib.unified_diff(
        old.splitlines(), new.splitlines(), lineterm="", n=CONTEXT_LINES
    )
    for number, line in enumerate(found):
        # The first two lines name files; "@@ -1" begins where the text does.
        if number > 1 and not FROM_THE_TOP.match(line):
            kind = KINDS[line[0]]
            yield Line(kind, "" if kind == "gap" else line[1:])
